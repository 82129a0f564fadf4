import type { Query } from '../preflight/query.ts'
import { compareQueries } from './compare-queries.ts'
import { mustBeOnTheSeed } from './rows/must-be-on-the-seed.ts'
import { mustNotBeOnTheSeed } from './rows/must-not-be-on-the-seed.ts'

/** All that a comparison reads on a cluster, each once for each row that wants it. */
export const askedQueries: readonly Query[] = [
  ...Object.values(compareQueries),
  ...[...mustBeOnTheSeed, ...mustNotBeOnTheSeed].flatMap(({ reads }) => reads),
]
