import { z } from 'zod'

const moment = z.string().max(64)

/** The fields of a SeedRun about the seed, its access and the generation. */
export const generationFields = {
  accessSince: moment.optional().describe('Since when the saved access is kept on the hub.'),
  traits: z
    .object({ hasProxy: z.boolean().optional(), hasFips: z.boolean().optional() })
    .optional()
    .describe('What else the seed said then of what its image repeats.'),
  generation: z
    .object({
      awaySince: moment.optional().describe('Since when the SeedGenerator is not seen.'),
      waited: z.int().min(0).describe('Seconds that the Lifecycle Agent waited.'),
      ended: z.boolean().describe('Its conditions have said that it is over.'),
    })
    .optional()
    .describe('What was seen of the generation.'),
}
