import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { CheckModel } from './check';
import {
  changes,
  formOf,
  isEdited,
  isSameAnswer,
  rebased,
  valueOf,
  withoutLocked,
  withValue
} from './draft';
import { HistoryModel } from './history';
import { readSections } from './schema';
import type {
  IForm,
  ImportOutcome,
  ISection,
  ISettingsAnswer,
  ISettingsChanged,
  ISettingsClient,
  ISettingsModel,
  PanelState,
  SaveOutcome
} from './tokens';

/** Who the event names where nobody wrote through this server. */
const OUTSIDE = 'outside';

/**
 * The state of the settings panel and every step between two states.
 *
 * #### Notes
 * One rule stands above the others: an answer of the server never replaces an edit that is not
 * saved. Where both moved on, the state is `conflict` and the user decides.
 */
export class SettingsModel implements ISettingsModel, IDisposable {
  constructor(client: ISettingsClient) {
    this._client = client;
    this.history = new HistoryModel(client, this);
    this.check = new CheckModel(client, this);
    client.changed.connect(this._onChanged, this);
  }

  /** What the settings file was before. */
  readonly history: HistoryModel;

  /** What a sign-in by the saved settings would meet. */
  readonly check: CheckModel;

  /** What the panel is now. */
  get state(): PanelState {
    return this._state;
  }

  /** Emitted with the new state, after each step. */
  get stateChanged(): ISignal<this, PanelState> {
    return this._stateChanged;
  }

  /** Whether the model is of no more use. */
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Let go of the client. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.history.dispose();
    this.check.dispose();
    Signal.clearData(this);
  }

  /**
   * Read the settings again. Calls while a read is under way share one more read after it, so
   * that a burst of events costs two.
   */
  refresh(): Promise<void> {
    if (this._reading === null) {
      this._reading = this._read().finally(() => {
        this._reading = null;
      });
      return this._reading;
    }
    this._nextReading ??= this._reading.then(() => {
      this._nextReading = null;
      return this.refresh();
    });
    return this._nextReading;
  }

  /** Change one value in the form. */
  edit(key: string, value: ReadonlyJSONValue): void {
    const form = this._editable();
    if (form !== null) {
      this._showForm({ ...form, draft: withValue(form.draft, key, value) });
    }
  }

  /** Take back every edit that is not saved. */
  reset(): void {
    const form = this._editable();
    if (form !== null) {
      this._showForm({ ...form, draft: form.answer.settings });
    }
  }

  /** Save the edits on top of the revision that the user saw. */
  async save(): Promise<void> {
    const form = this._editable();
    if (form === null || !isEdited(form)) {
      return;
    }
    const patch = changes(form.answer.settings, form.draft);
    await this._saveBy(form, () => this._client.save(patch, form.answer.revision));
  }

  /** Bring an earlier version of the file back; only where nothing is edited. */
  async restore(version: string): Promise<void> {
    const form = formOf(this._state);
    if (form !== null && !isEdited(form) && this._state.kind !== 'saving') {
      await this._saveBy(form, () => this._client.restore(version, form.answer.revision));
    }
  }

  /** Read an entry of a table from what was copied in the portal; it changes nothing by itself. */
  async importEntry(text: string): Promise<ImportOutcome> {
    try {
      return await this._client.importEntry(text);
    } catch (reason) {
      return { kind: 'refused', message: messageOf(reason) };
    }
  }

  /** Let the file name an environment variable where it holds a secret; only where nothing is edited. */
  async replaceSecret(place: readonly string[], variable: string): Promise<void> {
    const form = this._editable();
    if (form !== null && !isEdited(form)) {
      const reference: ReadonlyJSONObject = { EnvironmentVar: variable };
      const patch = place.reduceRight((inner, name) => ({ [name]: inner }), reference);
      await this._saveBy(form, () => this._client.save(patch, form.answer.revision));
    }
  }

  /** Go through the states of a save. */
  private async _saveBy(form: IForm, send: () => Promise<SaveOutcome>): Promise<void> {
    this._show({ kind: 'saving', form });
    try {
      this._settle(form, await send());
    } catch (reason) {
      this._show({ kind: 'unreachable', form, message: messageOf(reason) });
    }
    const missed = this._missed;
    this._missed = null;
    if (missed !== null && missed !== this._revision()) {
      await this.refresh();
    }
  }

  /** In a conflict: drop the own edit of one setting, or all edits, for what is in the file. */
  takeTheirs(key?: string): void {
    if (this._state.kind !== 'conflict') {
      return;
    }
    const { form } = this._state;
    const draft =
      key === undefined
        ? form.answer.settings
        : withValue(form.draft, key, valueOf(form.answer.settings, key));
    this._showForm({ ...form, draft });
  }

  /** In a conflict: keep the own edits, now on top of what is in the file. */
  keepMine(): void {
    if (this._state.kind === 'conflict') {
      const { form, theirs } = this._state;
      const draft = withoutLocked(rebased(form, theirs.settings), theirs);
      this._showForm({ ...form, answer: theirs, draft });
    }
  }

  /** Read once, and show what that makes of the present state. */
  private async _read(): Promise<void> {
    try {
      const [schema, answer] = await Promise.all([this._client.schema(), this._client.read()]);
      this._meet(readSections(schema), answer);
    } catch (reason) {
      this._show({ kind: 'unreachable', form: formOf(this._state), message: messageOf(reason) });
    }
  }

  /** Bring an answer together with what the user may have typed meanwhile. */
  private _meet(sections: readonly ISection[], answer: ISettingsAnswer): void {
    const form = formOf(this._state);
    if (this._state.kind === 'saving') {
      this._missed = answer.revision;
    } else if (form === null || !isEdited(form)) {
      if (this._state.kind !== 'saved' || form === null || !isSameAnswer(answer, form.answer)) {
        this._showAnswer(sections, answer);
      }
    } else if (answer.state === 'broken' && answer.fault !== null) {
      this._show({ kind: 'broken', form, fault: answer.fault });
    } else if (answer.revision !== form.answer.revision) {
      this._showConflict(form, answer);
    } else if (!isSameAnswer(answer, form.answer)) {
      // The user's file is as it was, so an administrator's changed: that is nothing to decide about.
      const draft = withoutLocked(rebased(form, answer.settings), answer);
      const next = { sections, answer, draft };
      this._show({ kind: isEdited(next) ? 'edited' : 'unchanged', form: next });
    } else if (this._state.kind !== 'refused') {
      this._show({ kind: 'edited', form });
    }
  }

  /** Show what became of a save. */
  private _settle(form: IForm, outcome: SaveOutcome): void {
    switch (outcome.kind) {
      case 'saved':
        this._show({ kind: 'saved', form: freshForm(form.sections, outcome.answer) });
        break;
      case 'conflict':
        this._showConflict(form, outcome.theirs);
        break;
      case 'refused':
        this._show({
          kind: 'refused',
          form,
          message: outcome.message,
          problems: outcome.problems
        });
        break;
    }
  }

  /** Two sides changed the file; where both came to the same values there is nothing to decide. */
  private _showConflict(form: IForm, theirs: ISettingsAnswer): void {
    if (JSONExt.deepEqual(form.draft, theirs.settings)) {
      this._showAnswer(form.sections, theirs);
    } else {
      this._show({ kind: 'conflict', form, theirs });
    }
  }

  /** Show an answer as it came. */
  private _showAnswer(sections: readonly ISection[], answer: ISettingsAnswer): void {
    const form = freshForm(sections, answer);
    if (answer.state === 'broken' && answer.fault !== null) {
      this._show({ kind: 'broken', form, fault: answer.fault });
    } else {
      this._show({ kind: 'unchanged', form });
    }
  }

  /** Show a form that the user worked on; a conflict stays open until it is decided. */
  private _showForm(form: IForm): void {
    const theirs = this._state.kind === 'conflict' ? this._state.theirs : form.answer;
    if (theirs === form.answer) {
      this._show({ kind: isEdited(form) ? 'edited' : 'unchanged', form });
    } else if (isEdited(form)) {
      this._show({ kind: 'conflict', form, theirs });
    } else {
      this._showAnswer(form.sections, theirs);
    }
  }

  /** The form, where the user may change it now. */
  private _editable(): IForm | null {
    const locked = this._state.kind === 'saving' || this._state.kind === 'broken';
    return locked ? null : formOf(this._state);
  }

  /** The revision on show. */
  private _revision(): string | null {
    return formOf(this._state)?.answer.revision ?? null;
  }

  /**
   * The server's own echo of a save arrives before or after its answer; neither is news. From
   * outside, an administrator's file may have changed while the revision of the user's did not.
   */
  private _onChanged(_: ISettingsClient, event: ISettingsChanged): void {
    if (this._state.kind === 'saving') {
      this._missed = event.revision;
    } else if (event.revision !== this._revision() || event.origin === OUTSIDE) {
      void this.refresh();
    }
  }

  private _show(state: PanelState): void {
    if (!this._isDisposed) {
      this._state = state;
      this._stateChanged.emit(state);
    }
  }

  private readonly _client: ISettingsClient;
  private readonly _stateChanged = new Signal<this, PanelState>(this);
  private _isDisposed = false;
  /** A revision that was announced while a save was under way. */
  private _missed: string | null = null;
  private _nextReading: Promise<void> | null = null;
  private _reading: Promise<void> | null = null;
  private _state: PanelState = { kind: 'loading' };
}

/** A form without edits. */
function freshForm(sections: readonly ISection[], answer: ISettingsAnswer): IForm {
  return { sections, answer, draft: answer.settings };
}

/** The sentence in whatever was thrown. */
function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
