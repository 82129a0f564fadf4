import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { ObjectStore } from './kubernetes/object-store.ts'
import type { Controller } from './world.ts'

/** Runs `pass` now, after each change in a store, and when the seconds that it asks for are over. */
export const startLoop = (
  of: Readonly<{ clock: Clock; stores: readonly ObjectStore[]; pass: () => number }>,
): Controller => {
  let isStopped = false
  let wake = (): void => undefined
  let changes = 0
  const onChange = (): void => {
    changes += 1
    wake()
  }
  const unwatch = of.stores.map(store => store.watch(onChange))

  const run = async (): Promise<void> => {
    // A listener of the store must return before work begins: a pass never runs inside an event.
    await nextTurn()
    while (!isStopped && !of.clock.stopped()) {
      const seen = changes
      const seconds = of.pass()
      const woken = new Promise<void>(resolve => {
        wake = resolve
      })
      if (changes !== seen) await nextTurn()
      else await Promise.race([woken, of.clock.sleep(seconds)])
    }
  }
  const running = run()
  return {
    stop: async () => {
      isStopped = true
      for (const stop of unwatch) stop()
      wake()
      await running
    },
  }
}

/** Lets a step of each key happen at once the first time, and then no sooner than after some seconds. */
export const createPace = (
  clock: Clock,
  seconds: number,
): Readonly<{ isDue: (key: string) => boolean; forget: (key: string) => void }> => {
  const dueAt = new Map<string, number>()
  return {
    isDue: key => {
      const now = clock.now().getTime()
      if (now < (dueAt.get(key) ?? 0)) return false
      dueAt.set(key, now + seconds * 1000)
      return true
    },
    forget: key => dueAt.delete(key),
  }
}
