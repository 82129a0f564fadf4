import { resolve } from 'node:path'
import { readInput } from '../../../adapters/files/read-input.ts'
import { askedQueries } from '../../../core/compare/asked-queries.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import { findKubeconfig } from '../../../operations/seed/find-kubeconfig.ts'
import type { Reader } from '../../../operations/preflight/ask-queries.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'
import type { CompareOptions } from './compare-options.ts'
import { namedPaths } from './named-paths.ts'
import { InputError, UnavailableError } from '../../../errors.ts'

/**
 * Composes the readers to ask beside Git: the kubeconfigs and must-gathers that were named, by the names of the clusters. Nothing is
 * ever written to them. Throws InputError FILE_UNREADABLE, ARGUMENT_INVALID, MUST_GATHER_UNREADABLE.
 */
export const composeReaders = async (
  surroundings: Surroundings,
  options: CompareOptions,
  redactor: Redactor,
): Promise<ReadonlyMap<string, Reader>> => {
  const { directory } = surroundings
  const { cluster, kubeconfig, seedKubeconfig } = options
  const readers = new Map<string, Reader>()
  const add = (name: string, reader: Reader): void => {
    if (readers.has(name))
      throw new InputError('ARGUMENT_INVALID', `reading what to ask: ${name} is named twice`, {
        fix: 'name either its kubeconfig or its must-gather',
      })
    readers.set(name, reader)
  }
  const live = async (text: string): Promise<Reader> => {
    for (const secret of secretsOf(text)) redactor.add(secret)
    const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
    return kubernetesCluster(text, { credentials: 'any' })
  }
  for (const [name, path] of namedPaths('--must-gather', options.mustGathers)) {
    const { openMustGather } = await import('../../../adapters/must-gather/open-must-gather.ts')
    add(
      name,
      await openMustGather({ path: resolve(directory, path), shown: path, queries: askedQueries }),
    )
  }
  const files = namedPaths('--target-kubeconfig', options.targetKubeconfigs)
  const named =
    seedKubeconfig === null ? [...files] : [...files, [cluster, seedKubeconfig] as const]
  for (const [name, file] of named)
    add(name, await live((await readInput(directory, file)).toString('utf8')))
  if (kubeconfig !== null && !readers.has(cluster)) {
    const hub = (await hubFrom(surroundings, kubeconfig, options.context ?? undefined)).cluster
    const { namespace } = options
    const found = await findKubeconfig(
      {
        ports: { hub, conceal: redactor.add },
        settings: { namespace, repository: '', branch: '' },
      },
      cluster,
      { early: true },
    )
    if (found.seen === 'present') add(cluster, await live(found.value))
    else
      throw new UnavailableError(
        'ACCESS_MISSING',
        `looking for the kubeconfig of ${cluster} on the hub: ${found.seen === 'absent' ? 'it is not there' : found.why}`,
        { fix: 'name the seed with --seed-kubeconfig, or leave --kubeconfig out' },
      )
  }
  return readers
}
