// Every text from the kernel is set as text, never as HTML.
function element(name, text, className) {
  const node = document.createElement(name);
  node.textContent = text;
  node.className = className;
  return node;
}

// A kernel that waits may not hear messages; JupyterLab's connection to it can interrupt it all the same.
function giveUp(model) {
  model.send({ type: "cancel" });
  const kernel = model.widget_manager?.kernel;
  setTimeout(() => {
    if (model.get("state") === "running") {
      kernel?.interrupt?.();
    }
  }, 1500);
}

function cancelButton(model) {
  const button = element("button", "Cancel", "");
  button.addEventListener("click", () => {
    button.disabled = true;
    button.textContent = "Cancelling";
    giveUp(model);
  });
  return button;
}

function render({ model, el }) {
  el.classList.add("huntbook-progress");
  const words = element("span", "", "huntbook-progress-words");
  const track = element("div", "", "huntbook-progress-track");
  const bar = element("div", "", "huntbook-progress-bar");
  const button = cancelButton(model);
  track.append(bar);
  track.setAttribute("role", "progressbar");
  track.setAttribute("aria-label", "Progress");
  track.setAttribute("aria-valuemin", "0");
  track.setAttribute("aria-valuemax", "100");
  // Put in anew only when the state changes: else the button would lose the focus at every step.
  const arrange = () => {
    el.replaceChildren(...(model.get("state") === "running" ? [track, words, button] : [words]));
  };
  const draw = () => {
    const state = model.get("state");
    const fraction = model.get("fraction");
    words.textContent = model.get("words") + (["running", "done"].includes(state) ? "" : `, ${state}`);
    track.setAttribute("aria-valuetext", model.get("words"));
    track.classList.toggle("huntbook-progress-unknown", fraction < 0);
    bar.style.width = fraction < 0 ? "" : `${Math.round(100 * fraction)}%`;
    if (fraction >= 0) {
      track.setAttribute("aria-valuenow", String(Math.round(100 * fraction)));
    }
  };
  arrange();
  draw();
  model.on("change:state", arrange);
  model.on("change", draw);
  return () => {
    model.off("change:state", arrange);
    model.off("change", draw);
  };
}

export default { render };
