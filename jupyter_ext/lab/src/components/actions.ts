import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONValue } from '@lumino/coreutils';

/** What a user can do in the panel. */
export interface IActions {
  /** Change one value in the form. */
  readonly edit: (key: string, value: ReadonlyJSONValue) => void;
  readonly reset: () => void;
  readonly save: () => void;
  /** Read from the server again. */
  readonly retry: () => void;
  /** In a conflict: take what is in the file, for one setting or for all. */
  readonly takeTheirs: (key?: string) => void;
  /** In a conflict: keep the own edits. */
  readonly keepMine: () => void;
}

/** Finds why the value at a dotted key can't be taken; empty when it can. */
export type FindProblem = (key: string) => string;

/** What each field component is given, next to its own kind of field. */
export interface IFieldProps<F, V> {
  readonly field: F;
  readonly value: V;
  /** Why the value can't be taken; empty when it can. */
  readonly problem: string;
  /** The value differs from what is saved. */
  readonly edited: boolean;
  /** Shown, but not to be changed. */
  readonly disabled: boolean;
  readonly trans: TranslationBundle;
  readonly onChange: (value: V) => void;
}
