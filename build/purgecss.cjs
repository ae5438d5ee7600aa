// Of the style sheet's many classes only those stay that a page, a script or a class in code can name, and of its variables those that
// what stays asks for: a browser reads it at every page. Our own sheets and scripts name ours, and none of those that go.
module.exports = {
  css: ["node_modules/@tabler/core/dist/css/tabler.min.css"],
  content: ["web/**/*.cshtml", "web/**/*.cs", "web/wwwroot/*.js"],
  output: "web/wwwroot/lib",
  keyframes: true,
  variables: true,
  safelist: { standard: [/^status-/] },
};
