import { ConflictError } from '../errors.ts'
import type { Forge } from '../operations/ports/forge.ts'
import type { Leadership } from '../operations/ports/leadership.ts'

/**
 * A forge that only the bot that acts writes to: one that was stopped in the middle of a pass would put an old report
 * over a newer one. Its writes throw ConflictError LEADERSHIP_LOST.
 */
export const forgeOfLeader = (forge: Forge, { holds }: Leadership): Forge => {
  const guard = (): void => {
    if (!holds())
      throw new ConflictError('LEADERSHIP_LOST', 'writing to GitHub: another bot acts now')
  }
  return {
    ...forge,
    upsertComment: async comment => {
      guard()
      await forge.upsertComment(comment)
    },
    setStatus: async status => {
      guard()
      await forge.setStatus(status)
    },
    react: async reaction => {
      guard()
      await forge.react(reaction)
    },
  }
}
