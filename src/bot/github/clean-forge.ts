import type { Forge } from '../../operations/ports/forge.ts'

/** A forge that is told no registered value: whatever a report quotes, GitHub shows it to everybody. */
export const cleanForge = (forge: Forge, clean: (text: string) => string): Forge => ({
  ...forge,
  upsertComment: comment => forge.upsertComment({ ...comment, body: clean(comment.body) }),
  setStatus: status => forge.setStatus({ ...status, description: clean(status.description) }),
})
