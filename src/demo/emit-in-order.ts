import type { Emit } from './demo-event.ts'

type Untimed = Parameters<Emit>[0]

/** Events that are emitted in the order in which they were given, though some take time to be completed. */
export type EmitInOrder = Readonly<{
  emit: Emit
  /** Takes an event that is not complete yet; what comes after it waits. */
  emitLater: (event: Promise<Untimed>) => void
  /** Resolves when all of them are emitted; rejects with the first reason why one cannot be. */
  done: () => Promise<void>
}>

/** Puts a queue before `emit`. */
export const emitInOrder = (emit: Emit): EmitInOrder => {
  let last: Promise<void> = Promise.resolve()
  const emitLater: EmitInOrder['emitLater'] = event => {
    last = Promise.all([event, last]).then(([complete]) => {
      emit(complete)
    })
    // It is heard of at the end.
    last.catch(() => undefined)
  }
  return {
    emit: event => {
      emitLater(Promise.resolve(event))
    },
    emitLater,
    done: () => last,
  }
}
