/** Runs work after all work before it has ended, however that ended. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

/** One queue for all that changes the repository, so that a push and a merge never see half of each other. */
export const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
