import { fetchCertificate, isUrl } from '../../../adapters/sealed-secrets/fetch-certificate.ts'
import { readSealingKey, type SealingKey } from '../../../core/secret/sealed/sealing-key.ts'
import type { Cluster } from '../../../operations/ports/cluster.ts'
import type { SealingController } from '../../../operations/ports/sealing-controller.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { readInput } from '../../../adapters/files/read-input.ts'

/** The sealing key of a file or URL. Throws as reading, fetching and `readSealingKey` do. */
export const sealingKeyFrom = async (
  { directory }: Surroundings,
  cert: string,
  now: string,
): Promise<SealingKey> => {
  const pem = isUrl(cert)
    ? await fetchCertificate(cert)
    : (await readInput(directory, cert)).toString('utf8')
  return readSealingKey(pem, now)
}

/** The hub of a kubeconfig, which is registered as secret: its API and its Sealed Secrets controller. */
export const hubFrom = async (
  { directory, conceal }: Surroundings,
  kubeconfig: string,
  context?: string,
): Promise<Readonly<{ cluster: Cluster; controller: SealingController }>> => {
  const text = (await readInput(directory, kubeconfig)).toString('utf8')
  const { kubeconfigSecrets } = await import('../../../adapters/kubernetes/kubeconfig-secrets.ts')
  for (const secret of kubeconfigSecrets(text)) conceal?.(secret)
  const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
  const { sealedSecretsController } =
    await import('../../../adapters/sealed-secrets/sealed-secrets-controller.ts')
  return {
    cluster: kubernetesCluster(text, { credentials: 'any', context }),
    controller: sealedSecretsController(text, context),
  }
}
