import type { Forge } from '../../operations/ports/forge.ts'

/** A forge that is told no registered value: whatever a report quotes, GitHub shows it to everybody. */
export const cleanForge = (forge: Forge, clean: (text: string) => string): Forge => ({
  ...forge,
  upsertComment: comment => forge.upsertComment({ ...comment, body: clean(comment.body) }),
  setStatus: ({ detail, ...status }) =>
    forge.setStatus({
      ...status,
      description: clean(status.description),
      ...(detail && {
        detail: {
          summary: clean(detail.summary),
          annotations: detail.annotations.map(each => ({
            ...each,
            path: clean(each.path),
            message: clean(each.message),
          })),
        },
      }),
    }),
})
