import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import React, { useId, useRef, useState } from 'react';
import type { ReactElement, RefObject } from 'react';
import type { IActions } from './actions';
import { Fold } from './fold';

/** Properties of {@link ImportEntry}. */
export interface IImportEntryProps {
  readonly importEntry: IActions['importEntry'];
  readonly trans: TranslationBundle;
  /** Take the entry into the form, and say under which name. */
  readonly onEntry: (name: string, entry: ReadonlyJSONObject) => string;
}

/** Adds an entry from what was copied in the portal; the server reads the text. */
export function ImportEntry(props: IImportEntryProps): ReactElement {
  const { importEntry, trans, onEntry } = props;
  const input = useRef<HTMLTextAreaElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [added, setAdded] = useState('');
  const usable = text.trim() !== '' && !busy;
  const read = async (): Promise<void> => {
    setBusy(true);
    setAdded('');
    const outcome = await importEntry(text);
    setBusy(false);
    if (outcome.kind === 'read') {
      setProblem('');
      setText('');
      setAdded(onEntry(outcome.name, outcome.entry));
    } else {
      setProblem(outcome.message);
    }
    input.current?.focus();
  };
  const type = (typed: string): void => {
    setText(typed);
    setProblem('');
  };
  return (
    <Fold label={trans.__('Import from the portal')} unfolded={unfolded} onFold={setUnfolded}>
      <div className={`jp-Huntbook-field${problem ? ' jp-mod-refused' : ''}`}>
        <Paste input={input} text={text} problem={problem} trans={trans} onType={type} />
        <div className="jp-Huntbook-buttons">
          <button
            type="button"
            className="jp-mod-styled jp-mod-reject"
            aria-disabled={!usable}
            onClick={() => usable && void read()}
          >
            {trans.__('Import')}
          </button>
        </div>
        <p className="jp-Huntbook-note" aria-live="polite">
          {added === '' ? '' : trans.__('Added %1 above. Look at it, then save.', added)}
        </p>
      </div>
    </Fold>
  );
}

/** The place to paste into, and what is wrong with what was pasted. */
function Paste(props: {
  input: RefObject<HTMLTextAreaElement>;
  text: string;
  problem: string;
  trans: TranslationBundle;
  onType: (text: string) => void;
}): ReactElement {
  const { input, text, problem, trans, onType } = props;
  const id = useId();
  return (
    <>
      <label className="jp-Huntbook-label" htmlFor={id}>
        {trans.__('Address or config.json')}
      </label>
      <textarea
        ref={input}
        id={id}
        className="jp-mod-styled"
        rows={3}
        value={text}
        spellCheck={false}
        aria-invalid={problem !== ''}
        aria-describedby={`${id}-problem ${id}-help`}
        onChange={event => onType(event.target.value)}
      />
      <p className="jp-Huntbook-problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
      <p className="jp-Huntbook-help" id={`${id}-help`}>
        {trans.__(
          'Paste the address of the workspace in the portal, or the text of its config.json.'
        )}
      </p>
    </>
  );
}
