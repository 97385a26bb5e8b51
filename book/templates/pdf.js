// All pages of the book as one document, in the order of the table of contents, for paper. Called with what the title
// page says and with the page number of each anchor, as far as they are known; gives the anchors of the contents.
const [front, numbers, done] = arguments;
const root = location.origin + "/";
const address = (page) => "page-" + page.replace(/\.html$/, "").replace(/\W+/g, "-");

async function read(page) {
  const text = await (await fetch(root + page)).text();
  return new DOMParser().parseFromString(text, "text/html");
}

// Ids that two pages have get the page's name; the others stay, since styles and drawings refer to them.
function renamed(articles) {
  const seen = new Set(), ids = new Map();
  for (const [page, article] of articles) {
    for (const element of article.querySelectorAll("[id]")) {
      const own = seen.has(element.id) ? address(page) + "-" + element.id : element.id;
      ids.set(page + "#" + element.id, own);
      seen.add(element.id = own);
    }
  }
  return ids;
}

// Links into the book lead to its paper pages; those to files beside it are words.
function relink(page, article, ids) {
  for (const link of article.querySelectorAll("a[href]")) {
    const to = new URL(link.getAttribute("href"), root + page);
    if (to.origin !== location.origin) continue;
    const [target, hash] = [to.pathname.slice(1) || "index.html", decodeURIComponent(to.hash.slice(1))];
    const id = ids.get(target + "#" + hash) || (ids.has(target) && address(target));
    if (id) link.setAttribute("href", "#" + id);
    else link.removeAttribute("href");
  }
  for (const element of article.querySelectorAll("img[src], source[srcset]")) {
    const name = element.matches("img") ? "src" : "srcset";
    element.setAttribute(name, new URL(element.getAttribute(name), root + page).href);
    element.removeAttribute("loading");
  }
}

function entry(level, id, text) {
  const line = document.createElement("p"), link = document.createElement("a");
  line.className = "contents-" + level;
  link.href = "#" + id;
  link.append(text);
  const number = Object.assign(document.createElement("span"), { textContent: numbers[id] || "" });
  line.append(link, number);
  return line;
}

const words = (heading) => [...heading.childNodes].filter((n) => !n.matches?.(".headerlink")).map((n) => n.textContent).join("");

(async () => {
  const navigation = (await read("index.html")).querySelectorAll("nav.bd-links a.reference.internal");
  const pages = [...navigation].map((link) => link.getAttribute("href").replace(/^#$/, "index.html"));
  const articles = new Map();
  for (const page of pages) articles.set(page, (await read(page)).querySelector("article.bd-article"));
  const ids = renamed(articles);
  for (const page of pages) ids.set(page, address(page));
  const book = document.createElement("main"), contents = document.createElement("nav");
  book.id = "whole-book";
  contents.innerHTML = "<h1>Contents</h1>";
  for (const [page, article] of articles) {
    relink(page, article, ids);
    const section = document.createElement("article");
    section.id = address(page);
    section.className = "bd-article paper-page";
    section.append(...article.childNodes);
    const [title, ...parts] = section.querySelectorAll("h1, h2");
    contents.append(entry("page", section.id, words(title)));
    const listed = /chapters\/(\w+)\.html/.test(page) && section.querySelector(".short-answer");
    if (listed) contents.append(...parts.map((part) => entry("part", (part.id ||= part.closest("section").id), words(part))));
    book.append(section);
  }
  const cover = Object.assign(document.createElement("header"), { innerHTML: front });
  document.documentElement.dataset.theme = document.documentElement.dataset.mode = "light";
  document.body.replaceChildren(cover, contents, book);
  await MathJax.startup.promise; // its parts have been fetched
  await MathJax.typesetPromise([book]);
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  done([...contents.querySelectorAll("a")].map((link) => link.getAttribute("href").slice(1)));
})();
