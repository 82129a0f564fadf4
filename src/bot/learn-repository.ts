import type { Forge } from '../operations/ports/forge.ts'
import type { Log } from './log.ts'
import { saySeldom } from './say-seldom.ts'

/** The number by which GitHub knows the repository, whatever it is called; null: it was not told yet. */
export type Learned = Readonly<{
  id: () => number | null
  /** Asks, where it is not known yet. Never throws: no answer is logged, at most once a minute. */
  learn: () => Promise<void>
}>

/** Creates what knows no number yet. */
export const learnRepository = ({
  forge,
  log,
  now,
}: Readonly<{ forge: Pick<Forge, 'repositoryId'>; log: Log; now: () => Date }>): Learned => {
  let id: number | null = null
  const saySilence = saySeldom(reason => {
    log.warn({ reason }, 'could not read the repository on GitHub')
  }, now)
  return {
    id: () => id,
    learn: async () => {
      try {
        id ??= await forge.repositoryId()
      } catch (error) {
        saySilence(error instanceof Error ? error.message : String(error))
      }
    },
  }
}
