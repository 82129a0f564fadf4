import { fetchCertificate, isUrl } from '../../../adapters/sealed-secrets/fetch-certificate.ts'
import { readSealingKey, type SealingKey } from '../../../core/secret/sealed/sealing-key.ts'
import type { Cluster } from '../../../operations/ports/cluster.ts'
import type { SealingController } from '../../../operations/ports/sealing-controller.ts'
import { during, type Surroundings } from '../../../surroundings.ts'
import { readInput } from '../../../adapters/files/read-input.ts'

/** The sealing key of a file or URL. Throws as reading, fetching and `readSealingKey` do. */
export const sealingKeyFrom = async (
  { directory, progress }: Surroundings,
  cert: string,
  now: string,
): Promise<SealingKey> => {
  const pem = isUrl(cert)
    ? await during({ progress }, 'fetching the certificate', () => fetchCertificate(cert))
    : (await readInput(directory, cert)).toString('utf8')
  return readSealingKey(pem, now)
}

/** The hub of a kubeconfig, which is registered as secret: its API and its Sealed Secrets controller. */
export const hubFrom = async (
  { directory, conceal, progress }: Surroundings,
  kubeconfig: string,
  context?: string,
): Promise<Readonly<{ cluster: Cluster; controller: SealingController }>> => {
  const text = (await readInput(directory, kubeconfig)).toString('utf8')
  const { kubeconfigSecrets } = await import('../../../adapters/kubernetes/kubeconfig-secrets.ts')
  for (const secret of kubeconfigSecrets(text)) conceal?.(secret)
  const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
  const { sealedSecretsController } =
    await import('../../../adapters/sealed-secrets/sealed-secrets-controller.ts')
  const asking =
    <Given extends readonly unknown[], Value>(ask: (...given: Given) => Promise<Value>) =>
    (...given: Given): Promise<Value> =>
      during({ progress }, 'asking the hub', () => ask(...given))
  const cluster = kubernetesCluster(text, { credentials: 'any', context })
  const { certificate, opens } = sealedSecretsController(text, context)
  const { read, list, may } = cluster
  return {
    cluster: { ...cluster, read: asking(read), list: asking(list), may: asking(may) },
    controller: { certificate: asking(certificate), opens: asking(opens) },
  }
}
