# Sourced by who has a function `fail`: apt with sources, lists and a state of its own in a folder, so that
# nothing of the machine's is read or changed, and nobody has to be root.

# Gets the lists of the sources on the standard input, each a line of mirror and suite.
open_private_apt() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite kind
  [[ -e $keyring ]] || fail "$keyring is missing: install debian-archive-keyring"
  private_apt_folder=$1
  mkdir -p "$private_apt_folder"/{state/lists/partial,cache/archives/partial}
  : >"$private_apt_folder/status"
  while read -r mirror suite; do
    for kind in deb deb-src; do printf '%s [signed-by=%s] %s %s main\n' "$kind" "$keyring" "$mirror" "$suite"; done
  done >"$private_apt_folder/sources.list"
  private_apt apt-get update
}

# Runs one of apt's programs on them; what it says goes to the standard error.
private_apt() {
  local tool=$1 folder=$private_apt_folder
  shift
  "$tool" -qq -o Dir::State="$folder/state" -o Dir::State::status="$folder/status" \
    -o Dir::Cache="$folder/cache" -o Dir::Etc::sourcelist="$folder/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 "$@" >&2
}
