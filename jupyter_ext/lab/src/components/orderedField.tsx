import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import React, { useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { moved } from '../draft';
import type { Field, IChoice } from '../tokens';
import type { IFieldProps } from './actions';
import { describedBy, EditedMark, Messages } from './fieldFrame';
import { Fold } from './fold';
import { useDragOrder } from './useDragOrder';

type OrderedProps = IFieldProps<Extract<Field, { kind: 'ordered' }>, readonly string[]>;

/**
 * An ordered selection: the chosen ones in their order, the others folded away below.
 *
 * #### Notes
 * The order changes by buttons, by Alt+Up and Alt+Down on any control of a row, and by dragging.
 */
export function OrderedField(props: OrderedProps): ReactElement {
  const { field, value, problem, note, source, edited, disabled, trans, onChange } = props;
  const id = useId();
  const frame = useRef<HTMLFieldSetElement>(null);
  const [announcement, setAnnouncement] = useState('');
  const [unfolded, setUnfolded] = useState(false);
  const { chosen, others } = partsOf(field.choices, value);
  useKeptFocus(frame);

  const move = (from: number, to: number): void => {
    const choice = chosen[from];
    if (choice !== undefined && to >= 0 && to < value.length) {
      onChange(moved(value, from, to));
      setAnnouncement(trans.__('%1: place %2 of %3', choice.title, to + 1, value.length));
    }
  };
  const remove = (word: string): void => {
    setUnfolded(true);
    onChange(value.filter(other => other !== word));
  };

  return (
    <fieldset
      ref={frame}
      className={`jp-Huntbook-field${problem ? ' jp-mod-refused' : ''}`}
      aria-describedby={describedBy(id)}
      disabled={disabled}
    >
      <legend className="jp-Huntbook-label">
        {field.title}
        <EditedMark edited={edited} trans={trans} />
      </legend>
      <Messages id={id} help={field.help} problem={problem} note={note} source={source} />
      <Chosen choices={chosen} trans={trans} onMove={move} onRemove={remove} />
      <Others
        choices={others}
        unfolded={unfolded}
        trans={trans}
        onFold={setUnfolded}
        onAdd={word => onChange([...value, word])}
      />
      <span className="jp-Huntbook-spoken" aria-live="assertive">
        {announcement}
      </span>
    </fieldset>
  );
}

/** The chosen ones, in their order. */
function Chosen(props: {
  choices: readonly IChoice[];
  trans: OrderedProps['trans'];
  onMove: (from: number, to: number) => void;
  onRemove: (word: string) => void;
}): ReactElement {
  const { choices, trans, onMove, onRemove } = props;
  const list = useRef<HTMLOListElement>(null);
  const drag = useDragOrder(list, onMove);
  return (
    <ol ref={list} className="jp-Huntbook-list">
      {choices.map((choice, index) => (
        <Row
          key={choice.value}
          choice={choice}
          place={{ index, count: choices.length, dragged: drag.index === index }}
          trans={trans}
          onGrip={drag.start}
          onMove={onMove}
          onToggle={() => onRemove(choice.value)}
        />
      ))}
    </ol>
  );
}

/** Those that are not chosen, behind a line that says how many there are. */
function Others(props: {
  choices: readonly IChoice[];
  unfolded: boolean;
  trans: OrderedProps['trans'];
  onFold: (unfolded: boolean) => void;
  onAdd: (word: string) => void;
}): ReactElement | null {
  const { choices, unfolded, trans, onFold, onAdd } = props;
  if (choices.length === 0) {
    return null;
  }
  const label = trans._n('%1 more', '%1 more', choices.length);
  return (
    <Fold label={label} unfolded={unfolded} onFold={onFold}>
      <ul className="jp-Huntbook-list">
        {choices.map(choice => (
          <Row
            key={choice.value}
            choice={choice}
            place={null}
            trans={trans}
            onToggle={() => onAdd(choice.value)}
          />
        ))}
      </ul>
    </Fold>
  );
}

/** Properties of {@link Row}. */
interface IRowProps extends Pick<OrderedProps, 'trans'> {
  readonly choice: IChoice;
  /** Where a chosen one stands; null for the others. */
  readonly place: {
    readonly index: number;
    readonly count: number;
    readonly dragged: boolean;
  } | null;
  readonly onGrip?: ReturnType<typeof useDragOrder>['start'];
  readonly onMove?: (from: number, to: number) => void;
  readonly onToggle: () => void;
}

/** One entry of a list. */
function Row(props: IRowProps): ReactElement {
  const { choice, place, trans, onGrip, onMove, onToggle } = props;
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && step !== undefined && place !== null) {
      event.preventDefault();
      event.stopPropagation();
      onMove?.(place.index, place.index + step);
    }
  };
  return (
    <li
      className={`jp-Huntbook-row${place?.dragged ? ' jp-mod-dragged' : ''}`}
      onKeyDown={onKeyDown}
    >
      {place !== null && (
        <span
          className="jp-Huntbook-grip"
          title={trans.__('Drag to reorder, or press Alt+↑ and Alt+↓')}
          onPointerDown={event => onGrip?.(event, place.index)}
        />
      )}
      <input
        id={id}
        type="checkbox"
        checked={place !== null}
        data-focus={`${choice.value} check`}
        aria-describedby={`${id}-help`}
        onChange={onToggle}
      />
      <label htmlFor={id}>{choice.title}</label>
      {place !== null && (
        <span className="jp-Huntbook-moves">
          <MoveButton
            up={true}
            label={trans.__('Move %1 up', choice.title)}
            focusKey={`${choice.value} up`}
            off={place.index === 0}
            onClick={() => onMove?.(place.index, place.index - 1)}
          />
          <MoveButton
            up={false}
            label={trans.__('Move %1 down', choice.title)}
            focusKey={`${choice.value} down`}
            off={place.index === place.count - 1}
            onClick={() => onMove?.(place.index, place.index + 1)}
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

/** The chosen ones in their order and the others in that of the schema; unknown words stay visible. */
function partsOf(
  choices: readonly IChoice[],
  value: readonly string[]
): { chosen: readonly IChoice[]; others: readonly IChoice[] } {
  const known = new Map(choices.map(choice => [choice.value, choice]));
  return {
    chosen: value.map(word => known.get(word) ?? { value: word, title: word, help: '' }),
    others: choices.filter(choice => !value.includes(choice.value))
  };
}

/** The browser drops the focus of a row that moves; give it back to the control that had it. */
function useKeptFocus(frame: React.RefObject<HTMLElement>): void {
  const focused = useRef<string | null>(null);
  const active = document.activeElement;
  const inside = active instanceof HTMLElement && frame.current?.contains(active);
  focused.current = inside ? (active.dataset['focus'] ?? null) : null;
  useLayoutEffect(() => {
    const key = focused.current;
    if (key !== null && !frame.current?.contains(document.activeElement)) {
      frame.current?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)?.focus();
    }
  });
}
