"""A session of pycolonies, a client that others wrote, with a Colonies server.

Usage: pycolonies_session.py HOST PORT SERVER_KEY_FILE

Does everything that a colony's life needs, checks each answer, and prints what it saw as one line of JSON.
Ends with status 1 and a traceback at the first answer that is not as it should be.
"""

import faulthandler
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from crypto import Crypto
from pycolonies import Colonies, ColoniesConnectionError, func_spec

# pycolonies waits for answers without end.
faulthandler.dump_traceback_later(90, exit=True)

COLONY = "pycolonies"
TYPE = "python"
UNSET = 1  # The year of a time that is not set.


class Member:
    """An executor's name and key."""

    def __init__(self, name):
        self.name = name
        self.key = Crypto().prvkey()
        self.id = Crypto().id(self.key)

    def registration(self):
        return {
            "executorname": self.name,
            "executorid": self.id,
            "colonyname": COLONY,
            "executortype": TYPE,
        }


def refusal(action, *arguments):
    """The server's words when it refuses, which it must."""
    try:
        answer = action(*arguments)
    except ColoniesConnectionError as error:
        return str(error)
    raise AssertionError(f"{action.__name__} was not refused: {answer}")


def until(what, ask):
    """Asks until the answer is true."""
    end = time.monotonic() + 20
    while not ask():
        assert time.monotonic() < end, f"not in time: {what}"


class Session:
    def __init__(self, host, port, server_key):
        self.colonies = Colonies(host, port)
        self.server_key = server_key
        self.colony_key = Crypto().prvkey()
        self.colony_id = Crypto().id(self.colony_key)
        self.worker = Member("worker")
        self.other = Member("other")
        self.refusals = {}
        self.summary = {"pycolonies": version("pycolonies"), "refusals": self.refusals}

    def run(self):
        self.found_colony()
        self.register()
        self.work()
        self.wait_for_work()
        self.fail()
        self.remove()
        self.refuse()
        self.count()
        self.unregister()
        return self.summary

    # Colonies and executors

    def found_colony(self):
        colony = {"colonyid": self.colony_id, "name": COLONY}
        self.refusals["colony by another key"] = refusal(self.colonies.add_colony, colony, self.colony_key)
        assert self.colonies.add_colony(colony, self.server_key) == colony
        assert self.colonies.list_colonies(self.server_key) == [colony]
        self.refusals["colony twice"] = refusal(self.colonies.add_colony, colony, self.server_key)

    def register(self):
        for member in (self.worker, self.other):
            added = self.colonies.add_executor(member.registration(), self.colony_key)
            assert added["executorid"] == member.id and added["state"] == 0, added
        self.refusals["not approved"] = refusal(self.colonies.assign, COLONY, -1, self.worker.key)
        for member in (self.worker, self.other):
            self.colonies.approve_executor(COLONY, member.name, self.colony_key)
        listed = self.colonies.list_executors(COLONY, self.worker.key)
        self.summary["executors"] = {executor["executorname"]: executor["state"] for executor in listed}
        assert self.colonies.get_executor(COLONY, "worker", self.other.key)["executorid"] == self.worker.id
        assert self.colonies.get_colony(COLONY, self.worker.key)["colonyid"] == self.colony_id

    # Processes

    def submit(self, name, **more):
        spec = func_spec(name, ["1", 2], COLONY, TYPE, kwargs={"digits": "ten"}, **more)
        process = self.colonies.submit_func_spec(spec, self.other.key)
        assert process.state == Colonies.WAITING and not process.isassigned
        assert process.initiatorid == self.other.id and process.initiatorname == self.other.name
        assert process.spec.funcname == name and process.spec.args == ["1", 2]
        assert process.spec.kwargs == {"digits": "ten"}
        assert process.starttime.year == UNSET and process.submissiontime.year > UNSET
        return process

    def take(self, expected, timeout=10):
        taken = self.colonies.assign(COLONY, timeout, self.worker.key)
        assert taken.processid == expected.processid and taken.state == Colonies.RUNNING
        assert taken.isassigned and taken.assignedexecutorid == self.worker.id
        return taken

    def work(self):
        """A process from its submission to its result."""
        process = self.submit("work", maxexectime=600)
        taken = self.take(process)
        assert (taken.execdeadline - taken.starttime).total_seconds() == 600
        added = self.colonies.add_attribute(process.processid, "stage", "half ½", self.worker.key)
        attribute = self.colonies.get_attribute(added["attributeid"], self.other.key)
        assert attribute["value"] == "half ½" and attribute["targetid"] == process.processid
        self.refusals["attribute twice"] = refusal(
            self.colonies.add_attribute, process.processid, "stage", "again", self.worker.key)
        self.log(process.processid)
        self.refusals["closed by another"] = refusal(
            self.colonies.close, process.processid, [], self.other.key)
        self.colonies.close(process.processid, ["sum", 55, 1.5], self.worker.key)
        self.refusals["attribute after the end"] = refusal(
            self.colonies.add_attribute, process.processid, "late", "x", self.worker.key)
        self.refusals["log after the end"] = refusal(
            self.colonies.add_log, process.processid, "late", self.worker.key)
        ended = self.colonies.get_process(process.processid, self.other.key)
        assert ended.state == Colonies.SUCCESSFUL and ended.endtime >= ended.starttime
        self.summary["output"] = ended.output
        self.summary["attributes"] = {attribute.key: attribute.value for attribute in ended.attributes}

    def log(self, processid):
        messages = ["began\n", "<half> & å世\n", "done\n"]
        for message in messages:
            self.colonies.add_log(processid, message, self.worker.key)
        self.refusals["log by another"] = refusal(
            self.colonies.add_log, processid, "mine", self.other.key)
        entries = self.colonies.get_process_log(COLONY, processid, 100, 0, self.other.key)
        assert [entry["message"] for entry in entries] == messages, entries
        assert {entry["executorname"] for entry in entries} == {"worker"}
        first = self.colonies.get_process_log(COLONY, processid, 1, 0, self.other.key)
        rest = self.colonies.get_process_log(COLONY, processid, 500, first[0]["timestamp"], self.other.key)
        assert first + rest == entries
        assert self.colonies.get_executor_log(COLONY, "worker", 100, 0, self.other.key) == entries
        self.refusals["log too long"] = refusal(
            self.colonies.get_process_log, COLONY, processid, 501, 0, self.other.key)
        self.summary["log"] = messages

    def wait_for_work(self):
        """A worker that asks first gets the process that comes later."""
        before = self.heard()
        with ThreadPoolExecutor(1) as pool:
            poll = pool.submit(self.colonies.assign, COLONY, 60, self.worker.key)
            until("the worker waits", lambda: self.heard() != before)
            process = self.submit("wait")
            taken = poll.result(timeout=30)
        assert taken.processid == process.processid and taken.state == Colonies.RUNNING
        self.colonies.close(process.processid, [], self.worker.key)
        start = time.monotonic()
        self.refusals["nothing after a second"] = refusal(self.colonies.assign, COLONY, 1, self.worker.key)
        self.summary["emptyPollSeconds"] = round(time.monotonic() - start, 3)
        self.refusals["nothing at once"] = refusal(self.colonies.assign, COLONY, -1, self.worker.key)

    def heard(self):
        return self.colonies.get_executor(COLONY, "worker", self.other.key)["lastheardfromtime"]

    def fail(self):
        process = self.submit("fail")
        self.take(process)
        self.colonies.fail(process.processid, ["the disk is full"], self.worker.key)
        failed = self.colonies.get_process(process.processid, self.other.key)
        assert failed.state == Colonies.FAILED
        self.summary["errors"] = failed.errors
        self.refusals["closed after failing"] = refusal(
            self.colonies.close, process.processid, [], self.worker.key)

    def remove(self):
        process = self.submit("remove")
        self.colonies.remove_process(process.processid, self.other.key)
        self.refusals["removed"] = refusal(
            self.colonies.get_process, process.processid, self.other.key)
        self.refusals["removed twice"] = refusal(
            self.colonies.remove_process, process.processid, self.other.key)

    def refuse(self):
        """Keys that are no member's, and requests that cannot be right."""
        stranger = Crypto().prvkey()
        spec = func_spec("refuse", [], COLONY, TYPE)
        self.refusals["submitted by a stranger"] = refusal(
            self.colonies.submit_func_spec, spec, stranger)
        self.refusals["assigned to a stranger"] = refusal(self.colonies.assign, COLONY, 1, stranger)
        self.refusals["listed for a stranger"] = refusal(
            self.colonies.list_processes, COLONY, 10, Colonies.WAITING, stranger)
        self.refusals["counted for a stranger"] = refusal(self.colonies.stats, COLONY, stranger)
        self.refusals["executor by a member"] = refusal(
            self.colonies.add_executor, Member("third").registration(), self.worker.key)
        self.refusals["name taken"] = refusal(
            self.colonies.add_executor, Member("worker").registration(), self.colony_key)
        self.refusals["no timeout"] = refusal(self.colonies.assign, COLONY, 0, self.worker.key)
        self.refusals["list too long"] = refusal(
            self.colonies.list_processes, COLONY, 101, Colonies.WAITING, self.worker.key)
        self.refusals["unknown colony"] = refusal(self.colonies.assign, "nowhere", -1, self.worker.key)
        self.refusals["unknown message"] = refusal(self.colonies.get_snapshots, COLONY, self.worker.key)

    def count(self):
        """One process of each state, as lists and statistics show them."""
        first = self.submit("first")
        second = self.submit("second")
        self.take(first)
        states = {"waiting": 0, "running": 1, "successful": 2, "failed": 3}
        listed = {
            name: self.colonies.list_processes(COLONY, 100, state, self.other.key)
            for name, state in states.items()
        }
        self.summary["listed"] = {
            name: sorted(process["spec"]["funcname"] for process in processes or [])
            for name, processes in listed.items()
        }
        statistics = self.colonies.stats(COLONY, self.other.key)
        assert statistics == self.colonies.stats(COLONY, self.colony_key)
        self.summary["statistics"] = statistics
        self.running, self.waiting = first, second

    def unregister(self):
        """What a removed executor held goes back to the queue, and nobody may use its key any more."""
        self.colonies.remove_executor(COLONY, "worker", self.colony_key)
        process = self.colonies.get_process(self.running.processid, self.other.key)
        assert process.state == Colonies.WAITING and not process.isassigned
        self.refusals["assigned to a removed executor"] = refusal(
            self.colonies.assign, COLONY, -1, self.worker.key)
        taken = self.colonies.assign(COLONY, 10, self.other.key)
        assert taken.processid == self.running.processid
        self.colonies.close(taken.processid, [], self.other.key)
        self.colonies.remove_all_processes(COLONY, self.colony_key, state=Colonies.WAITING)
        self.summary["statisticsAtTheEnd"] = self.colonies.stats(COLONY, self.other.key)


def main():
    host, port, key_file = sys.argv[1:]
    with open(key_file, encoding="ascii") as file:
        server_key = file.read().strip()
    print(json.dumps(Session(host, int(port), server_key).run(), ensure_ascii=False), flush=True)


main()
