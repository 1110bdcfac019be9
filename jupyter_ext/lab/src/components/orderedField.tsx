import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import React, { useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { moved } from '../draft';
import type { Field, IChoice } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, Messages } from './fieldFrame';
import { useDragOrder } from './useDragOrder';

type OrderedProps = IFieldProps<Extract<Field, { kind: 'ordered' }>, readonly string[]>;

/**
 * An ordered selection: the chosen ones first and in their order, the others after them.
 *
 * #### Notes
 * The order changes by buttons, by Alt+Up and Alt+Down on any control of a row, and by dragging.
 */
export function OrderedField(props: OrderedProps): ReactElement {
  const { field, value, problem, edited, disabled, trans, onChange } = props;
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  const [announcement, setAnnouncement] = useState('');
  const rows = rowsOf(field.choices, value);
  useKeptFocus(list);

  const move = (from: number, to: number): void => {
    const choice = rows[from];
    if (choice !== undefined && from < value.length && to >= 0 && to < value.length) {
      onChange(moved(value, from, to));
      setAnnouncement(trans.__('%1: place %2 of %3', choice.title, to + 1, value.length));
    }
  };
  const drag = useDragOrder(list, value.length, move);

  return (
    <fieldset
      className={`jp-Huntbook-field${problem ? ' jp-mod-refused' : ''}`}
      aria-describedby={describedBy(id)}
      disabled={disabled}
    >
      <legend className="jp-Huntbook-label">
        {field.title}
        {edited && <span className="jp-Huntbook-edited" title={trans.__('Not saved yet')} />}
      </legend>
      <Messages id={id} help={field.help} problem={problem} />
      <ol ref={list} className="jp-Huntbook-list">
        {rows.map((choice, index) => (
          <Row
            key={choice.value}
            choice={choice}
            index={index}
            count={value.length}
            dragged={drag.index === index}
            trans={trans}
            onGrip={drag.start}
            onMove={move}
            onToggle={() => onChange(toggled(value, choice.value))}
          />
        ))}
      </ol>
      <p className="jp-Huntbook-help">{trans.__('Drag to reorder, or press Alt+↑ and Alt+↓.')}</p>
      <span className="jp-Huntbook-spoken" aria-live="assertive">
        {announcement}
      </span>
    </fieldset>
  );
}

/** Properties of {@link Row}. */
interface IRowProps extends Pick<OrderedProps, 'trans'> {
  readonly choice: IChoice;
  readonly index: number;
  /** How many are chosen; they come first. */
  readonly count: number;
  readonly dragged: boolean;
  readonly onGrip: ReturnType<typeof useDragOrder>['start'];
  readonly onMove: (from: number, to: number) => void;
  readonly onToggle: () => void;
}

/** One entry of the list. */
function Row(props: IRowProps): ReactElement {
  const { choice, index, count, dragged, trans, onGrip, onMove, onToggle } = props;
  const id = useId();
  const chosen = index < count;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.altKey && step !== 0) {
      event.preventDefault();
      event.stopPropagation();
      onMove(index, index + step);
    }
  };
  const state = `${chosen ? ' jp-mod-chosen' : ''}${dragged ? ' jp-mod-dragged' : ''}`;
  return (
    <li className={`jp-Huntbook-row${state}`} onKeyDown={onKeyDown}>
      <span
        className="jp-Huntbook-grip"
        aria-hidden="true"
        onPointerDown={event => chosen && onGrip(event, index)}
      />
      <input
        id={id}
        type="checkbox"
        checked={chosen}
        data-focus={`${choice.value} check`}
        aria-describedby={`${id}-help`}
        onChange={onToggle}
      />
      <label htmlFor={id}>{choice.title}</label>
      {chosen && (
        <span className="jp-Huntbook-moves">
          <MoveButton
            up={true}
            label={trans.__('Move %1 up', choice.title)}
            focusKey={`${choice.value} up`}
            off={index === 0}
            onClick={() => onMove(index, index - 1)}
          />
          <MoveButton
            up={false}
            label={trans.__('Move %1 down', choice.title)}
            focusKey={`${choice.value} down`}
            off={index === count - 1}
            onClick={() => onMove(index, index + 1)}
          />
        </span>
      )}
      <p className="jp-Huntbook-help" id={`${id}-help`}>
        {choice.help}
      </p>
    </li>
  );
}

/** Properties of {@link MoveButton}. */
interface IMoveButtonProps {
  readonly up: boolean;
  readonly label: string;
  readonly focusKey: string;
  /** Already at the end; said by ARIA, so that the button keeps the focus when it gets there. */
  readonly off: boolean;
  readonly onClick: () => void;
}

/** A small button with an arrow. */
function MoveButton(props: IMoveButtonProps): ReactElement {
  const Icon = props.up ? caretUpIcon.react : caretDownIcon.react;
  return (
    <button
      type="button"
      className="jp-Huntbook-move"
      title={props.label}
      aria-label={props.label}
      aria-disabled={props.off}
      data-focus={props.focusKey}
      onClick={props.onClick}
    >
      <Icon tag="span" />
    </button>
  );
}

/** The chosen ones in their order, then the others in that of the schema; unknown words stay visible. */
function rowsOf(choices: readonly IChoice[], value: readonly string[]): readonly IChoice[] {
  const known = new Map(choices.map(choice => [choice.value, choice]));
  const chosen = value.map(word => known.get(word) ?? { value: word, title: word, help: '' });
  return [...chosen, ...choices.filter(choice => !value.includes(choice.value))];
}

/** Take a word out of the list, or put it at its end. */
function toggled(value: readonly string[], word: string): string[] {
  return value.includes(word) ? value.filter(other => other !== word) : [...value, word];
}

/** The browser drops the focus of a row that moves; give it back to the control that had it. */
function useKeptFocus(list: React.RefObject<HTMLOListElement>): void {
  const focused = useRef<string | null>(null);
  const active = document.activeElement;
  focused.current =
    active instanceof HTMLElement && list.current?.contains(active)
      ? (active.dataset['focus'] ?? null)
      : null;
  useLayoutEffect(() => {
    const key = focused.current;
    if (key !== null && !list.current?.contains(document.activeElement)) {
      list.current?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)?.focus();
    }
  });
}
