import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { ReactElement, ReactNode } from 'react';

/** Properties of {@link FieldFrame}. */
export interface IFieldFrameProps {
  /** The id of the control, which the label and the messages refer to. */
  readonly id: string;
  readonly title: string;
  /** One line under the control; empty for none. */
  readonly help: string;
  readonly problem: string;
  readonly note: string;
  readonly source: string;
  readonly edited: boolean;
  readonly trans: TranslationBundle;
  readonly children: ReactNode;
}

/** Label above, help below, and the reason where a value was refused. */
export function FieldFrame(props: IFieldFrameProps): ReactElement {
  const { id, title, help, problem, note, source, edited, trans, children } = props;
  return (
    <div className={`jp-Huntbook-field${problem ? ' jp-mod-refused' : ''}`}>
      <label className="jp-Huntbook-label" htmlFor={id}>
        {title}
        <EditedMark edited={edited} trans={trans} />
      </label>
      {children}
      <Messages id={id} help={help} problem={problem} note={note} source={source} />
    </div>
  );
}

/** A dot beside the title of what differs from the file. */
export function EditedMark(props: {
  edited: boolean;
  trans: TranslationBundle;
}): ReactElement | null {
  const { edited, trans } = props;
  return edited ? <span className="jp-Huntbook-edited" title={trans.__('Not saved yet')} /> : null;
}

/** The ids of the messages under a control, for `aria-describedby`. */
export function describedBy(id: string): string {
  return `${id}-problem ${id}-help ${id}-note`;
}

/** The lines under a control. */
export function Messages(props: {
  id: string;
  help: string;
  problem: string;
  note: string;
  source: string;
}): ReactElement {
  const { id, help, problem, note, source } = props;
  return (
    <>
      <p className="jp-Huntbook-problem" id={`${id}-problem`}>
        {problem}
      </p>
      <p className="jp-Huntbook-help" id={`${id}-help`}>
        {[help, source].filter(Boolean).join(' ')}
      </p>
      <p className="jp-Huntbook-note" id={`${id}-note`}>
        {note}
      </p>
    </>
  );
}
