import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { formOf } from './draft';
import type {
  HistoryState,
  IHistoryModel,
  ISettingsClient,
  ISettingsModel,
  IVersion
} from './tokens';

/** The earlier versions of the settings file, read while somebody looks at them. */
export class HistoryModel implements IHistoryModel, IDisposable {
  constructor(client: ISettingsClient, settings: ISettingsModel) {
    this._client = client;
    this._settings = settings;
    settings.stateChanged.connect(this._onSettings, this);
  }

  /** What the list is now. */
  get state(): HistoryState {
    return this._state;
  }

  /** Emitted with the new state, after each step. */
  get stateChanged(): ISignal<this, HistoryState> {
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

  /** List the versions. */
  async open(): Promise<void> {
    if (this._state.kind !== 'listed') {
      this._show({ kind: 'loading' });
    }
    this._revision = this._settingsRevision();
    await this._try(async () => {
      const versions = await this._client.versions();
      if (this._state.kind !== 'closed') {
        this._show({ kind: 'listed', versions, unfolded: null });
      }
    });
  }

  /** Go back to the settings. */
  close(): void {
    this._show({ kind: 'closed' });
  }

  /** Show what changed from a version to now; null folds it again. */
  async unfold(version: IVersion | null): Promise<void> {
    if (this._state.kind !== 'listed') {
      return;
    }
    const { versions } = this._state;
    this._show({ kind: 'listed', versions, unfolded: null });
    if (version !== null) {
      await this._try(async () => {
        const changes = await this._client.changesSince(version.revision);
        if (this._state.kind === 'listed') {
          this._show({ ...this._state, unfolded: { version, changes } });
        }
      });
    }
  }

  private async _try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (reason) {
      const message = reason instanceof Error ? reason.message : String(reason);
      this._show({ kind: 'failed', message });
    }
  }

  private _settingsRevision(): string | null {
    return formOf(this._settings.state)?.answer.revision ?? null;
  }

  /** A list that is open follows every save. */
  private _onSettings(): void {
    if (this._state.kind !== 'closed' && this._settingsRevision() !== this._revision) {
      void this.open();
    }
  }

  private _show(state: HistoryState): void {
    if (!this._isDisposed) {
      this._state = state;
      this._stateChanged.emit(state);
    }
  }

  private readonly _client: ISettingsClient;
  private _isDisposed = false;
  /** The revision that the list belongs to. */
  private _revision: string | null = null;
  private readonly _settings: ISettingsModel;
  private _state: HistoryState = { kind: 'closed' };
  private readonly _stateChanged = new Signal<this, HistoryState>(this);
}
