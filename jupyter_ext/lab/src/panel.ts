import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { createElement } from 'react';
import type { ReactElement } from 'react';
import type { IActions } from './components/actions';
import { SettingsView } from './components/settingsView';
import { huntbookIcon } from './icon';
import type { ISettingsModel } from './tokens';

/** The id of the panel in the shell and in the saved layout. */
export const PANEL_ID = 'huntbook-settings';

/** Where the keyboard goes on when what held it is gone; the first that is there. */
const NEXT_FOCUS = [
  '.jp-Huntbook-secret input',
  '[role="tab"][aria-selected="true"]',
  'select, input, button'
];

/** The side panel: it forwards the life cycle, draws the model's state, and knows nothing else. */
export class SettingsPanel extends ReactWidget {
  constructor(model: ISettingsModel, trans: TranslationBundle) {
    super();
    this.id = PANEL_ID;
    this.addClass('jp-Huntbook');
    this.title.icon = huntbookIcon;
    this.title.caption = trans.__('huntbook settings');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('huntbook settings'));
    this._model = model;
    this._trans = trans;
    this._actions = {
      edit: (key, value) => model.edit(key, value),
      reset: () => model.reset(),
      save: () => void model.save(),
      retry: () => void model.refresh(),
      takeTheirs: key => model.takeTheirs(key),
      keepMine: () => model.keepMine(),
      showHistory: shown => {
        if (shown) {
          void model.history.open();
        } else {
          model.history.close();
        }
      },
      unfold: version => void model.history.unfold(version),
      restore: version => void model.restore(version),
      importEntry: text => model.importEntry(text),
      replaceSecret: (place, variable) => void model.replaceSecret(place, variable),
      checkSignIn: () => void model.check.run()
    };
    model.stateChanged.connect(this._onStateChanged, this);
    model.history.stateChanged.connect(this._onStateChanged, this);
    model.check.stateChanged.connect(this._onStateChanged, this);
  }

  /** Let go of the model; it may live on. */
  override dispose(): void {
    if (!this.isDisposed) {
      Signal.clearData(this);
      super.dispose();
    }
  }

  /** Draw the present state. */
  protected override render(): ReactElement {
    return createElement(SettingsView, {
      state: this._model.state,
      history: this._model.history.state,
      check: this._model.check.state,
      actions: this._actions,
      trans: this._trans
    });
  }

  /** Remember which control has the keyboard. */
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.node.addEventListener('focusin', this._onFocusIn);
  }

  protected override onBeforeDetach(message: Message): void {
    this.node.removeEventListener('focusin', this._onFocusIn);
    super.onBeforeDetach(message);
  }

  /** A notice that was answered goes away, and must not take the keyboard's focus with it. */
  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    void this.renderPromise?.then(() => {
      const isLost = this._focused?.isConnected === false;
      if (isLost && document.activeElement === document.body) {
        const next = NEXT_FOCUS.map(selector => this.node.querySelector<HTMLElement>(selector));
        next.find(control => control !== null)?.focus();
      }
    });
  }

  /** Whatever was missed while the panel was hidden is read when it shows. */
  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this._model.refresh();
  }

  /** A panel that takes the focus gives it to its first control. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.querySelector<HTMLElement>('select, input, button')?.focus();
  }

  private _onStateChanged(): void {
    this.update();
  }

  private readonly _onFocusIn = (event: FocusEvent): void => {
    this._focused = event.target instanceof Element ? event.target : null;
  };

  private readonly _actions: IActions;
  private _focused: Element | null = null;
  private readonly _model: ISettingsModel;
  private readonly _trans: TranslationBundle;
}
