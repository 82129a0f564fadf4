import { readFileSync } from 'node:fs'
import { secretsOf } from '../../core/secret/secrets-of.ts'

const files = /["']?(?:tokenFile|client-key)["']?\s*:\s*(?:"([^"]+)"|'([^']+)'|([^\s,"'}]+))/g

/** All that must not be shown of a kubeconfig, with what is in the files that its users name. */
export const kubeconfigSecrets = (kubeconfig: string): readonly string[] => [
  ...secretsOf(kubeconfig),
  ...[...kubeconfig.matchAll(files)].flatMap(([, double, single, bare = '']) =>
    contentOf(double ?? single ?? bare),
  ),
]

const contentOf = (file: string): readonly string[] => {
  try {
    return [readFileSync(file, 'utf8').trim()].filter(secret => secret !== '')
  } catch {
    // Whoever needs it says that it cannot be read.
    return []
  }
}
