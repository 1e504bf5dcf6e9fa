// JupyterLite's kernel takes this for pyodide.js. Here Python gets all that a lesson needs at once, and imports it before
// the kernel's folder is there: from then on every import asks the page for that folder first, which takes long.
const PACKAGES = ["backprop-course", "sqlite3"];
const IMPORTS = "import piplite.piplite, IPython, ipywidgets, anywidget, numpy, pyodide_kernel\nfrom course_lib import check";

self.loadPyodide = async (options) => {
  importScripts(`${options.indexURL}pyodide.js`); // brings a loadPyodide of its own
  const python = await self.loadPyodide({ ...options, packages: PACKAGES });
  await python.runPythonAsync(IMPORTS);
  return python;
};
