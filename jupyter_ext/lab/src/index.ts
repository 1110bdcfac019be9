import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addCommands, addToPalette } from './commands';
import { SettingsModel } from './model';
import { SettingsPanel } from './panel';
import { SettingsClient } from './request';
import { ISettingsModel } from './tokens';

/** The domain of our strings in language packs. */
const DOMAIN = 'huntbook';

/** Provides the settings to the panel, the commands and whoever else asks. */
const model: JupyterFrontEndPlugin<ISettingsModel> = {
  id: '@huntbook/lab:model',
  description: 'Reads, edits and saves the settings of huntbook.',
  autoStart: true,
  provides: ISettingsModel,
  activate: ({ serviceManager }: JupyterFrontEnd): ISettingsModel =>
    new SettingsModel(new SettingsClient(serviceManager))
};

/** Adds the panel to the right side. Notebook 7 has no restorer, hence the optional parts. */
const panel: JupyterFrontEndPlugin<void> = {
  id: '@huntbook/lab:plugin',
  description: 'The side panel with the settings of huntbook.',
  autoStart: true,
  requires: [ISettingsModel],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    settings: ISettingsModel,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const widget = new SettingsPanel(settings, trans);
    app.shell.add(widget, 'right', { rank: 900, type: 'huntbook' });
    restorer?.add(widget, widget.id);
  }
};

/** Adds the commands, and lists them where there is a palette. */
const commands: JupyterFrontEndPlugin<void> = {
  id: '@huntbook/lab:commands',
  description: 'Commands that open and reload the settings of huntbook.',
  autoStart: true,
  requires: [ISettingsModel],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    settings: ISettingsModel,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    addCommands(app, settings, trans);
    if (palette !== null) {
      addToPalette(palette, trans);
    }
  }
};

export { ISettingsModel } from './tokens';
export default [model, panel, commands];
