import { z } from 'zod'
import { longestRefusal } from './own-changes.ts'

const sha = z.string().max(64)

/** The fields of a SeedRun about Sower's own pull requests. */
export const ownFields = z.object({
  heads: z
    .object({
      'record-merge': sha.optional(),
      'seed-generator': sha.optional(),
      record: sha.optional(),
    })
    .describe('What Sower itself pushed for each: it merges no other head.'),
  triedAt: z.string().max(64).optional().describe('When it last asked for a merge.'),
  refusal: z.string().max(longestRefusal).optional().describe('Why that did not come to a merge.'),
})
