// Every text from the kernel is set as text, never as HTML; the link is set only for an https address.
function element(name, text, className) {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) {
    node.className = className;
  }
  return node;
}

function remaining(expires) {
  const seconds = Math.max(0, Math.round(expires - Date.now() / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select and copy it by hand";
  }
}

function link(address) {
  const node = element("a", address.replace(/^https:\/\//, ""));
  if (address.startsWith("https://")) {
    node.href = address;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

// A kernel that waits may not hear messages; JupyterLab's connection to it can interrupt it all the same.
function giveUp(model) {
  model.send({ type: "cancel" });
  const kernel = model.widget_manager?.kernel;
  setTimeout(() => {
    if (model.get("state") === "waiting") {
      kernel?.interrupt?.();
    }
  }, 1500);
}

function waiting(model, countdown) {
  const code = element("code", model.get("code"));
  const copyButton = element("button", "Copy code");
  copyButton.addEventListener("click", () => copy(model.get("code"), copyButton));
  const cancel = element("button", "Cancel");
  cancel.title = "Give up; the same as interrupting the kernel";
  cancel.addEventListener("click", () => {
    cancel.disabled = true;
    cancel.textContent = "Cancelling";
    giveUp(model);
  });
  const steps = element("div", "", "huntbook-device-steps");
  steps.append("1. Open ", link(model.get("address")), "  2. Type ", code, copyButton);
  const row = element("div", "", "huntbook-device-row");
  row.append(countdown, cancel);
  return [steps, row];
}

function render({ model, el }) {
  el.classList.add("huntbook-device");
  const countdown = element("span", "", "huntbook-device-muted");
  const tick = () => {
    countdown.textContent = `Waiting for you, ${remaining(model.get("expires"))} left`;
  };
  const draw = () => {
    const state = model.get("state");
    const title = element("div", `Sign in to ${model.get("cloud")}`, "huntbook-device-title");
    const status = element("div", state, "huntbook-device-muted");
    el.replaceChildren(title, ...(state === "waiting" ? waiting(model, countdown) : [status]));
  };
  el.setAttribute("role", "status");
  tick();
  draw();
  const timer = setInterval(tick, 1000);
  model.on("change:state", draw);
  return () => {
    clearInterval(timer);
    model.off("change:state", draw);
  };
}

export default { render };
