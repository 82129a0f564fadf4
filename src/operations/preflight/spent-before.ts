import posix from 'node:path/posix'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import type { Facts } from '../../core/preflight/facts.ts'
import { textAt, type RepositoryTree } from '../../core/repository-tree.ts'
import { readSealedSecret } from '../../core/secret/sealed/read-sealed-secret.ts'
import { digestOf } from '../../core/secret/sealed/sealed-secret-manifest.ts'
import type { Configuration } from '../../core/settings/configuration.ts'

type InGit = Readonly<{
  checkout: Readonly<{ tree: RepositoryTree }>
  config: Pick<Configuration, 'directory' | 'seeds' | 'secret'>
}>

/** The digest of the sealed push credential in Git; null where there is none that can be read. */
export const credentialInGit = (
  { checkout: { tree }, config }: InGit,
  base = '',
): string | null => {
  const path = posix.join(base, config.secret.file)
  if (tree.entry(path) !== 'file') return null
  const read = readSealedSecret(textAt(tree, path))
  return 'sealed' in read && read.sealed !== null ? digestOf(read.sealed) : null
}

/**
 * The means that images were made with, as the records in Git say: the installation of this cluster, and the push credentials of
 * all seeds. Only a record with the digest of an image counts.
 */
export const spentBefore = (
  { checkout: { tree }, config: { directory, seeds } }: InGit,
  cluster: string,
): Pick<Facts['git'], 'spentClusterId' | 'usedCredentials'> => {
  const made = (of: string): ReturnType<typeof readRecordIfValid> => {
    const record = readRecordIfValid(tree, { directory, cluster: of })
    return record?.digest ? record : undefined
  }
  return {
    spentClusterId: made(cluster)?.clusterID ?? null,
    usedCredentials: seeds.flatMap(seed => made(seed)?.sealedSecretDigest ?? []),
  }
}
