/** A controller's work queue: keys run side by side, one key never beside itself. */
export type KeyedQueue = Readonly<{
  /** Asks for work on a key: at once, or once more after what runs now. */
  add: (key: string) => void
  /** Takes no more work and resolves when nothing runs. */
  stop: () => Promise<void>
}>

/** Creates a work queue; what `work` throws goes to `onError` and ends nothing. */
export const createKeyedQueue = (
  work: (key: string) => Promise<void>,
  onError: (key: string, error: unknown) => void,
): KeyedQueue => {
  const waiting = new Set<string>()
  const running = new Map<string, Promise<void>>()
  let isStopped = false
  const drain = async (key: string): Promise<void> => {
    // A listener of the object store must return before its work begins.
    await Promise.resolve()
    while (!isStopped && waiting.delete(key)) {
      try {
        await work(key)
      } catch (error) {
        onError(key, error)
      }
    }
    running.delete(key)
  }
  return {
    add: key => {
      if (isStopped) return
      waiting.add(key)
      if (!running.has(key)) running.set(key, drain(key))
    },
    stop: async () => {
      isStopped = true
      await Promise.all(running.values())
    },
  }
}
