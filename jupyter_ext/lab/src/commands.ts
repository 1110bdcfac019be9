import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableSet } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { huntbookIcon } from './icon';
import { PANEL_ID } from './panel';
import type { ISettingsModel } from './tokens';

/** The commands of this extension. */
export namespace CommandIDs {
  /** Show the settings panel. */
  export const openSettings = 'huntbook:open-settings';
  /** Read the settings from the server again. */
  export const reloadSettings = 'huntbook:reload-settings';
}

/** Commands without arguments say so. */
const NO_ARGUMENTS = { args: { type: 'object', properties: {}, additionalProperties: false } };

/** Add the commands to the application. */
export function addCommands(
  app: JupyterFrontEnd,
  model: ISettingsModel,
  trans: TranslationBundle
): IDisposable {
  const added = new DisposableSet();
  added.add(
    app.commands.addCommand(CommandIDs.openSettings, {
      label: trans.__('Open huntbook Settings'),
      caption: trans.__('Choose the cloud and how to sign in to it'),
      icon: huntbookIcon,
      describedBy: NO_ARGUMENTS,
      execute: () => app.shell.activateById(PANEL_ID)
    })
  );
  added.add(
    app.commands.addCommand(CommandIDs.reloadSettings, {
      label: trans.__('Reload huntbook Settings'),
      caption: trans.__('Read the settings from the server again; unsaved edits stay'),
      describedBy: NO_ARGUMENTS,
      execute: () => model.refresh()
    })
  );
  return added;
}

/** List the commands in the palette. */
export function addToPalette(palette: ICommandPalette, trans: TranslationBundle): void {
  const category = trans.__('huntbook');
  palette.addItem({ command: CommandIDs.openSettings, category });
  palette.addItem({ command: CommandIDs.reloadSettings, category });
}
