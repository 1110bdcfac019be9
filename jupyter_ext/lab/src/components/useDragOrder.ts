import { useEffect, useRef, useState } from 'react';
import type { PointerEvent as ReactPointerEvent, RefObject } from 'react';

/** What {@link useDragOrder} gives to a list. */
export interface IDragOrder {
  /** The place of the row that hangs at the pointer; null when none does. */
  readonly index: number | null;
  /** Begin with the row at `index`; belongs on the grip's pointerdown. */
  readonly start: (event: ReactPointerEvent, index: number) => void;
}

/**
 * Reorder the rows of a list with mouse, pen or finger.
 *
 * #### Notes
 * A row moves as soon as the pointer is over another one, so what is seen is always what would be
 * saved. The listeners live on the window for the time of one drag, because the grip itself moves.
 */
export function useDragOrder(
  list: RefObject<HTMLElement>,
  move: (from: number, to: number) => void
): IDragOrder {
  const [index, setIndex] = useState<number | null>(null);
  const latest = useRef(move);
  latest.current = move;
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const start = (event: ReactPointerEvent, first: number): void => {
    if (event.button !== 0 || list.current?.closest(':disabled')) {
      return;
    }
    event.preventDefault();
    let from = first;
    const onMove = (moveEvent: PointerEvent): void => {
      const to = rowAt(list.current, moveEvent.clientY);
      if (to !== from) {
        latest.current(from, to);
        from = to;
        setIndex(to);
      }
    };
    const onEnd = (): void => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onEnd);
      window.removeEventListener('pointercancel', onEnd);
      stop.current = null;
      setIndex(null);
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onEnd);
    window.addEventListener('pointercancel', onEnd);
    stop.current = onEnd;
    setIndex(first);
  };
  return { index, start };
}

/** The place of the row that lies at a height on the page. */
function rowAt(list: HTMLElement | null, y: number): number {
  const rows = Array.from(list?.children ?? []);
  const above = rows.filter(row => row.getBoundingClientRect().bottom < y).length;
  return Math.min(above, rows.length - 1);
}
