import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { formOf } from './draft';
import type {
  CheckState,
  ICheckModel,
  ISettingsAnswer,
  ISettingsClient,
  ISettingsModel
} from './tokens';

/** The check of the sign-in; what it shows is always of the settings as they are saved now. */
export class CheckModel implements ICheckModel, IDisposable {
  constructor(client: ISettingsClient, settings: ISettingsModel) {
    this._client = client;
    this._settings = settings;
    settings.stateChanged.connect(this._onSettings, this);
  }

  /** What the check is now. */
  get state(): CheckState {
    return this._state;
  }

  /** Emitted with the new state, after each step. */
  get stateChanged(): ISignal<this, CheckState> {
    return this._stateChanged;
  }

  /** Whether the model is of no more use. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Let go of the settings. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Check now; while a check runs this does nothing. */
  async run(): Promise<void> {
    if (this._state.kind === 'running') {
      return;
    }
    this._show({ kind: 'running' });
    let found = await this._ask();
    // An answer about settings that were saved over meanwhile is no answer.
    while (!this._isCurrent() && !this._isDisposed) {
      found = await this._ask();
    }
    this._show(found);
  }

  private async _ask(): Promise<CheckState> {
    this._of = this._saved();
    try {
      return await this._client.check();
    } catch (reason) {
      const message = reason instanceof Error ? reason.message : String(reason);
      return { kind: 'unreachable', message };
    }
  }

  private _saved(): ISettingsAnswer | null {
    return formOf(this._settings.state)?.answer ?? null;
  }

  /** Whether the settings that were checked are the saved ones. */
  private _isCurrent(): boolean {
    const [then, now] = [this._of, this._saved()];
    return (
      then === now ||
      (then?.revision === now?.revision &&
        JSONExt.deepEqual(then?.settings ?? {}, now?.settings ?? {}))
    );
  }

  /** A result goes when the settings change. */
  private _onSettings(): void {
    if (this._state.kind !== 'none' && this._state.kind !== 'running' && !this._isCurrent()) {
      this._show({ kind: 'none' });
    }
  }

  private _show(state: CheckState): void {
    if (!this._isDisposed) {
      this._state = state;
      this._stateChanged.emit(state);
    }
  }

  private readonly _client: ISettingsClient;
  private _isDisposed = false;
  /** The settings that the last check was of. */
  private _of: ISettingsAnswer | null = null;
  private readonly _settings: ISettingsModel;
  private _state: CheckState = { kind: 'none' };
  private readonly _stateChanged = new Signal<this, CheckState>(this);
}
