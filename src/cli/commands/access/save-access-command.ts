import { readInput } from '../../../adapters/files/read-input.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import { RefusedError } from '../../../errors.ts'
import { savedAccess } from '../../../operations/hub/saved-access.ts'
import { installedName } from '../../../operations/seed/installed-name.ts'
import { saveProven } from '../../../operations/hub/save-proven.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { neededHub } from '../../hub-flags.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'

export type SaveAccessOptions = Readonly<{
  cluster: string
  /** The hub. */
  kubeconfig: string | null
  context: string | null
  seedKubeconfig: string
  /** The hub namespace in which Sower saves the access to seeds. */
  namespace: string
  output: OutputForm
}>

/**
 * `sower access save`: proves the admin kubeconfig of a seed and writes it into Sower's namespace on the hub, in the form
 * in which the bot saves it. Throws InputError ARGUMENT_INVALID and FILE_UNREADABLE; RefusedError ACCESS_MISSING for a
 * kubeconfig without a client certificate, ACCESS_NOT_PROVEN where it does not work or is that of another cluster; and
 * what the hub says to the write.
 */
export const saveAccessCommand = async (
  surroundings: Surroundings,
  { cluster, kubeconfig, context, seedKubeconfig, namespace, output }: SaveAccessOptions,
  redactor: Redactor,
): Promise<void> => {
  requireClusterName(cluster)
  const hubFile = neededHub(kubeconfig)
  const text = (await readInput(surroundings.directory, seedKubeconfig)).toString('utf8')
  for (const secret of secretsOf(text)) redactor.add(secret)
  const hub = (await hubFrom(surroundings, hubFile, context ?? undefined)).cluster
  const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
  // Refuses what is not a client certificate before anything is asked.
  const name = await installedName(kubernetesCluster(text))
  if (name !== null && name !== cluster)
    throw new RefusedError(
      'ACCESS_NOT_PROVEN',
      `saving the access to ${cluster}: the kubeconfig leads to the cluster ${name}`,
      { fix: `give the admin kubeconfig of ${cluster}` },
    )
  const saving = { ports: { hub, connect: kubernetesCluster }, settings: { namespace } }
  await saveProven(saving, { cluster, kubeconfig: text })
  const { name: secret } = savedAccess(saving, cluster)
  const document = { apiVersion: 'sower.dev/v1alpha1', kind: 'SavedAccess' }
  surroundings.print(
    printAs(
      output,
      { ...document, cluster, namespace, secret },
      () =>
        `saved the access to ${cluster} in Secret ${namespace}/${secret} on the hub, after it was tried out\n`,
    ),
  )
}
