/** Turns for running a program: `take` waits for one and gives the function that ends it. */
export type Turns = Readonly<{ take: () => Promise<() => void> }>

/** Tries to get another turn beside the one that we have; null where there is none. */
export type TakeMore = () => Promise<(() => void) | null>

/** One turn is ours; more are asked for when that one is taken. */
export const createTurns = (takeMore: TakeMore): Turns => {
  let isOursTaken = false
  const waiting: (() => void)[] = []
  const takeOurs = (): (() => void) | null => {
    if (isOursTaken) return null
    isOursTaken = true
    return () => {
      isOursTaken = false
    }
  }
  const take = async (): Promise<() => void> => {
    for (;;) {
      const end = takeOurs() ?? (await takeMore()) ?? takeOurs()
      if (end !== null)
        return () => {
          end()
          waiting.shift()?.()
        }
      await new Promise<void>(resolve => waiting.push(resolve))
    }
  }
  return { take }
}

/** So many turns at once beside the first, within this process. */
export const turnsWithin = (count: number): TakeMore => {
  let left = count
  return () => {
    if (left === 0) return Promise.resolve(null)
    left -= 1
    return Promise.resolve(() => {
      left += 1
    })
  }
}
