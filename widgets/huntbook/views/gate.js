// Draws a Bokeh picture once BokehJS is on the page, tells the kernel which theme the page has,
// and shows the status line. BokehJS is loaded once a page, whatever the number of pictures.

const LOADING = Symbol.for("huntbook.bokehjs");
const ANSWER_WITHIN_MS = 600;
const REST_MS = 120;
let trees = 0; // how many were shown, for ids that no other has

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = false;
    script.onload = resolve;
    script.onerror = () => reject(new Error(url));
    document.head.append(script);
  });
}

function loadBokeh(urls) {
  if (window.Bokeh) return Promise.resolve();
  window[LOADING] ??= Promise.all(urls.map(loadScript)).catch((error) => {
    window[LOADING] = undefined; // so that the next picture tries again
    throw error;
  });
  return window[LOADING];
}

function pageTheme() {
  const { body } = document;
  if (body.dataset.jpThemeLight !== undefined) return body.dataset.jpThemeLight === "false" ? "dark" : "light";
  const code = body.dataset.vscodeThemeKind;
  if (code !== undefined) return code.includes("light") ? "light" : "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
}

// Resolves with the width of the cell; a picture in a hidden tab has none yet.
function firstWidth(el) {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => el.clientWidth && done());
    const timer = setTimeout(done, ANSWER_WITHIN_MS);
    function done() {
      observer.disconnect();
      clearTimeout(timer);
      resolve(el.clientWidth);
    }
    observer.observe(el);
  });
}

// Tells the kernel when the cell's width is another, once it rests: sentences and rows are laid out for it.
function watchWidth(el, model, first) {
  let told = first;
  let timer;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const width = el.clientWidth;
      if (!width || width === told) return;
      told = width;
      model.send({ kind: "width", width });
    }, REST_MS);
  });
  observer.observe(el);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

// The kernel redraws what changed since the picture was made, then answers. A busy kernel answers
// later: then the picture is drawn as it is and follows.
function askForFreshPicture(model, theme, width) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ANSWER_WITHIN_MS);
    function done(message) {
      if (message && message.kind !== "fresh") return;
      clearTimeout(timer);
      model.off("msg:custom", done);
      resolve();
    }
    model.on("msg:custom", done);
    model.send({ kind: "shown", theme, width });
  });
}

function explain(place, error) {
  place.setAttribute("role", "alert");
  place.textContent =
    `The picture can't be drawn: BokehJS could not be loaded from ${error.message}. ` +
    "Check that this address opens in the browser, then run the cell again; " +
    "view.save('picture.html') writes a file that needs no network.";
}

// Sends the keys that the picture asked for, and the wheel as whole steps, at most one message a frame.
function forwardInput(place, model) {
  const keys = new Set(model.get("key_names"));
  if (!keys.size) return;
  place.tabIndex = 0;
  place.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own shortcuts stay out of the picture
  place.addEventListener("pointerdown", () => place.focus({ preventScroll: true }));
  place.addEventListener("keydown", (event) => {
    if (!keys.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ kind: "key", key: event.key });
  });
  let pixels = 0;
  let waiting = false;
  place.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || !event.deltaY) return;
      event.preventDefault();
      pixels += event.deltaMode ? event.deltaY * 26 : event.deltaY;
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        const steps = Math.trunc(pixels / 26);
        pixels -= steps * 26;
        if (steps) model.send({ kind: "wheel", steps });
      });
    },
    { passive: false },
  );
}

// Tells a screen reader the rows of a tree: the picture itself is only pixels to it.
function sayRows(place, model) {
  const list = document.createElement("div");
  list.className = "huntbook-words";
  list.setAttribute("role", "none");
  place.append(list);
  place.setAttribute("role", "tree");
  place.setAttribute("aria-multiselectable", "true");
  const name = `huntbook-tree-${(trees += 1)}`;
  const say = () => {
    const items = model.get("words").map(({ text, level, state, chosen }, row) => {
      const item = document.createElement("div");
      item.id = `${name}-${row}`;
      item.setAttribute("role", "treeitem");
      item.setAttribute("aria-level", level);
      item.setAttribute("aria-selected", chosen);
      if (state) item.setAttribute("aria-expanded", state === "open");
      item.textContent = text;
      return item;
    });
    list.replaceChildren(...items);
    const active = items.find((item) => item.ariaSelected === "true");
    if (active) place.setAttribute("aria-activedescendant", active.id);
    else place.removeAttribute("aria-activedescendant");
  };
  model.on("change:words", say);
  say();
  return () => model.off("change:words", say);
}

// jupyter_bokeh tells the kernel even what the kernel has just said: data of many kilobytes, packed before it is drawn.
function tellNoEchoes(view) {
  const tell = view._change_event;
  if (typeof tell !== "function") return;
  view._change_event = (event) => {
    if (event.sync !== false) tell.call(view, event);
  };
}

// jupyter_bokeh sends a message for each property that changes; what one turn changes is one message here.
function sendTogether(view) {
  if (typeof view._send !== "function") return;
  let events = [];
  const send = () => {
    view.send({ event: "jsevents", events });
    events = [];
  };
  view._send = (event) => {
    if (events.push(event) === 1) queueMicrotask(send);
  };
}

// Tells the kernel when an answer is drawn, so that it answers a moving hand no faster than that.
function tellAnswerDrawn(model) {
  const tell = (message) => {
    if (message.kind !== "answer") return;
    requestAnimationFrame(() => requestAnimationFrame(() => model.send({ kind: "answer-drawn" })));
  };
  model.on("msg:custom", tell);
  return () => model.off("msg:custom", tell);
}

// ipywidgets gives the handle of the scroll bar beside a tree no name.
function nameScrollBar(el) {
  for (const handle of el.parentElement?.querySelectorAll(".widget-vslider .noUi-handle") ?? []) {
    handle.setAttribute("aria-label", "Scroll position in the tree");
  }
}

async function render({ model, el }) {
  el.classList.add("huntbook-picture");
  const place = document.createElement("div");
  const status = document.createElement("div");
  status.className = "huntbook-status";
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  el.append(place, status);

  const showStatus = () => {
    status.textContent = place.getAttribute("role") === "alert" ? "" : model.get("status");
  };
  const tellTheme = () => model.send({ kind: "theme", theme: pageTheme() });
  model.on("change:status", showStatus);
  showStatus();
  const unwatch = watchTheme(tellTheme);

  let view;
  let gone = false;
  place.setAttribute("role", "img");
  const showSummary = () => place.setAttribute("aria-label", model.get("summary"));
  model.on("change:summary", showSummary);
  showSummary();
  forwardInput(place, model);
  const silence = model.get("words").length ? sayRows(place, model) : undefined;
  const leave = tellAnswerDrawn(model);
  let unwatchWidth;
  const askOnceWide = async () => {
    const width = await firstWidth(el);
    if (!gone) unwatchWidth = watchWidth(el, model, width);
    await askForFreshPicture(model, pageTheme(), width);
  };
  try {
    await Promise.all([loadBokeh(model.get("scripts")), askOnceWide()]);
    const picture = await model.widget_manager.get_model(model.get("picture").replace("IPY_MODEL_", ""));
    await picture.state_change; // what came with the answer is in the model only then
    view = await model.widget_manager.create_view(picture);
    tellNoEchoes(view);
    sendTogether(view);
    if (gone) return view.remove();
    place.append(view.el);
    // The kernel keeps back what changes while a whole figure is on its way.
    const tellWhole = () => model.send({ kind: "drawn" });
    view.listenTo(picture, "change:render_bundle", tellWhole);
    tellWhole();
    if (silence) view.el.setAttribute("aria-hidden", "true");
    nameScrollBar(el);
  } catch (error) {
    explain(place, error);
    showStatus();
  }
  return () => {
    gone = true;
    unwatch();
    leave();
    unwatchWidth?.();
    silence?.();
    model.off("change:status", showStatus);
    model.off("change:summary", showSummary);
    view?.remove();
  };
}

export default { render };
