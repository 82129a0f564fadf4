import { recreatorQueries, writersIn } from '../../core/preflight/seed/recreator-queries.ts'
import { recreatingApplications, recreatorsOf } from '../../core/seedgen/recreators-of.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import { listApplications } from '../hub/list-applications.ts'
import type { Ports } from '../ports/ports.ts'
import type { Cluster } from '../ports/cluster.ts'
import { askQueries } from '../preflight/ask-queries.ts'

/**
 * Looks on the seed, and among the Applications of the hub, for whatever would re-create `seedgen` or the SeedGenerator
 * while the image is made; absent where nothing does. One read without an answer leaves it unknown.
 */
export const observeRecreators = async (
  { hub, conceal }: Pick<Ports, 'hub' | 'conceal'>,
  {
    cluster,
    config,
    seed,
  }: Readonly<{ cluster: string; config: Configuration; seed: Cluster | null }>,
): Promise<Seen<readonly string[]>> => {
  if (seed === null) return unknown('unreachable')
  const askable = { hub: unknown('not-asked'), seed: present(seed), names: {}, conceal }
  const [answers, applications] = await Promise.all([
    askQueries(askable, recreatorQueries),
    listApplications(hub, config),
  ])
  const reads = [...recreatorQueries.map(answers), applications]
  const open = reads.find(({ seen }) => seen === 'unknown')
  if (open?.seen === 'unknown') return open
  const writers = writersIn(query => {
    const answer = answers(query)
    return answer.seen === 'present' ? answer.value : []
  })
  const others = config.seeds.filter(other => other !== cluster)
  const onHub = applications.seen === 'present' ? applications.value : []
  const found = [...recreatorsOf(writers), ...recreatingApplications(onHub, others)]
  return found.length === 0 ? absent : present(found)
}
