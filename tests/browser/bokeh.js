// Where the places of the first Bokeh figure on the page lie on the screen.
(wanted) => {
  const figures = [];
  const visit = (view) => {
    if (!view) return;
    if (view.model && view.model.type === "Figure") figures.push(view);
    for (const child of view.child_views ?? []) visit(child);
  };
  const roots = typeof Bokeh.index.roots !== "undefined" ? [...Bokeh.index.roots] : Object.values(Bokeh.index);
  roots.forEach(visit);
  const view = figures.find((figure) => figure.el.getBoundingClientRect().width > 0);
  if (!view) return null;
  const box = view.canvas_view.el.getBoundingClientRect();
  const { frame } = view;
  return wanted.map(([x, y]) => [box.left + frame.x_scale.compute(x), box.top + frame.y_scale.compute(y)]);
}
