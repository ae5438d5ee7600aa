// Of the style sheet's many classes only those stay that a page, a script or a class in code can name: a browser reads it at every page.
module.exports = {
  css: ["node_modules/@tabler/core/dist/css/tabler.min.css"],
  content: ["web/**/*.cshtml", "web/**/*.cs", "web/wwwroot/*.js"],
  output: "web/wwwroot/lib",
  safelist: { standard: [/^status-/] },
};
