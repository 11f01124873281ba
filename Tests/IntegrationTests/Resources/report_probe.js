// Says what a person would see of a report, as JSON in an element of the page.
const channel = (value) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const components = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = ([red, green, blue]) =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);

// What is behind an element.
const background = (element) => {
  for (let behind = element; behind; behind = behind.parentElement) {
    const colour = components(getComputedStyle(behind).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};

// The contrast ratio of the Web Content Accessibility Guidelines.
const contrast = (colour, element) => {
  const [darker, lighter] = [luminance(components(colour)), luminance(background(element))].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};
const lowest = (elements, colour) =>
  Math.min(...elements.map((element) => contrast(colour(getComputedStyle(element), element), element)));

const all = (selector, element = document) => [...element.querySelectorAll(selector)];
const isShown = (element) => element.getClientRects().length > 0;
const hasText = (element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
const texts = all("body *").filter((element) => isShown(element) && hasText(element));

// The label of a plot that its frame cuts off.
const isCut = (label, frame) => {
  const box = label.getBoundingClientRect();
  return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
    box.bottom > frame.bottom + 1;
};
const image = (svg) => {
  const frame = svg.getBoundingClientRect();
  return {
    title: svg.querySelector("title").textContent,
    width: frame.width,
    height: frame.height,
    lines: all(".line", svg).map((path) => ({
      name: path.getAttribute("class"),
      length: path.getTotalLength(),
      points: (path.getAttribute("d").match(/[MLHV]/g) ?? []).length,
    })),
    areas: all(".area", svg).map((path) => path.getAttribute("class")),
    marks: all(".mark", svg).length,
    cut: all("text", svg).filter((label) => isCut(label, frame)).map((label) => label.textContent),
  };
};

const findings = {
  isDark: matchMedia("(prefers-color-scheme: dark)").matches,
  page: luminance(background(document.body)),
  texts: texts.length,
  textContrast: lowest(texts, (style, element) => element instanceof SVGElement ? style.fill : style.color),
  lineContrast: lowest(all("svg .line"), (style) => style.stroke),
  markContrast: lowest(all("svg .mark"), (style) => style.fill),
  areaContrast: lowest(all("svg .area"), (style) => style.fill),
  rows: all("tbody tr").length,
  overflow: document.documentElement.scrollWidth - innerWidth,
  images: all("svg[role=img]").map(image),
};
document.body.append(
  Object.assign(document.createElement("pre"), { id: "findings", textContent: JSON.stringify(findings) }));
