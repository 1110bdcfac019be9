import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

/** Shows that the extension is loaded. */
const panel: JupyterFrontEndPlugin<void> = {
  id: '@huntbook/lab:plugin',
  description: 'The settings panel.',
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    app.started.catch(reason => console.error('huntbook could not start', reason));
  }
};

export default [panel];
