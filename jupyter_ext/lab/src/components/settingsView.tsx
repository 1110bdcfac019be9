import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import React, { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import { valueOf } from '../draft';
import type { Field, IForm, IProblem, PanelState } from '../tokens';
import type { IActions } from './actions';
import { ChoiceField } from './choiceField';
import { Footer } from './footer';
import { Notice } from './notice';
import { OrderedField } from './orderedField';
import { TextField } from './textField';

/** Properties of {@link SettingsView}. */
export interface ISettingsViewProps {
  readonly state: PanelState;
  readonly actions: IActions;
  readonly trans: TranslationBundle;
}

/** The whole panel, a pure function of the state. */
export function SettingsView(props: ISettingsViewProps): ReactElement {
  const { state, actions, trans } = props;
  const form = state.kind === 'loading' ? null : state.form;
  return (
    <>
      <header className="jp-Huntbook-header">
        <h2>{trans.__('huntbook')}</h2>
        <p>{trans.__('For every notebook of this server')}</p>
      </header>
      <Notice {...props} />
      <div className="jp-Huntbook-body" aria-busy={state.kind === 'loading'}>
        {state.kind === 'loading' && <Skeleton />}
        {form !== null && <FormFields form={form} state={state} actions={actions} trans={trans} />}
      </div>
      <Footer {...props} />
    </>
  );
}

/** The place where the fields will be, so that nothing jumps when they come. */
function Skeleton(): ReactElement {
  return (
    <div className="jp-Huntbook-skeleton" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}

/** The fields of each section; after a refused save the focus goes to the field that caused it. */
function FormFields(props: ISettingsViewProps & { form: IForm }): ReactElement {
  const { form, state } = props;
  const problems = state.kind === 'refused' ? state.problems : form.answer.problems;
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const refused = element.current?.querySelector('.jp-mod-refused');
    if (state.kind === 'refused' && refused) {
      refused.querySelector<HTMLElement>('select, input, button')?.focus();
      refused.scrollIntoView({ block: 'nearest' });
    }
  }, [state]);
  return (
    <form ref={element} onSubmit={event => event.preventDefault()}>
      {form.sections.flatMap(section =>
        section.fields.map(field => (
          <OneField key={field.key} field={field} problems={problems} {...props} />
        ))
      )}
    </form>
  );
}

/** Properties of {@link OneField}. */
interface IOneFieldProps extends ISettingsViewProps {
  readonly form: IForm;
  readonly field: Field;
  readonly problems: readonly IProblem[];
}

/** One field, drawn by its kind. */
function OneField(props: IOneFieldProps): ReactElement {
  const { form, field, state, problems, actions, trans } = props;
  const value = valueOf(form.draft, field.key);
  const edited = !JSONExt.deepEqual(value, valueOf(form.answer.settings, field.key));
  // A complaint about the file ends with the first edit; one about the last save stays till the next.
  const current = state.kind === 'refused' || !edited;
  const complaint = problems.find(problem => problem.key === field.key)?.message ?? '';
  const common = {
    problem: current ? complaint.replace(`${field.key}: `, '') : '',
    edited,
    disabled: state.kind === 'broken',
    trans,
    onChange: (next: ReadonlyJSONValue) => actions.edit(field.key, next)
  };
  switch (field.kind) {
    case 'choice':
      return <ChoiceField {...common} field={field} value={textOf(value) ?? ''} />;
    case 'ordered':
      return <OrderedField {...common} field={field} value={wordsOf(value)} />;
    case 'text':
      return <TextField {...common} field={field} value={textOf(value)} />;
  }
}

/** A value as text; null where it is none. */
function textOf(value: ReadonlyJSONValue): string | null {
  return typeof value === 'string' ? value : null;
}

/** A value as a list of words. */
function wordsOf(value: ReadonlyJSONValue): readonly string[] {
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : [];
}
