import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findOnPath, isExecutable } from '../../src/adapters/kustomize/find-on-path.ts'
import { kustomizePlaces } from './run-sower.ts'

const kubectl = findOnPath('kubectl', kustomizePlaces.path)
const nextToKubectl = (name: string): string | null =>
  kubectl === undefined ? null : join(dirname(realpathSync(kubectl)), name)

/**
 * Programs of different versions and wordings that may be on this machine; null where one is not. Google's
 * SDK has its own kubectl, which words errors otherwise, and upstream's beside it.
 */
export const kustomizeBinaries = Object.fromEntries(
  Object.entries({
    'kustomize on PATH': findOnPath('kustomize', kustomizePlaces.path) ?? null,
    'kubectl on PATH': kubectl ?? null,
    'kubectl 1.27 beside it': nextToKubectl('kubectl.1.27'),
    'kubectl 1.31 beside it': nextToKubectl('kubectl.1.31'),
    'kubectl 1.33 beside it': nextToKubectl('kubectl.1.33'),
    'the fetched kubectl': kustomizePlaces.fallback,
  }).map(([name, file]) => [name, file !== null && isExecutable(file) ? file : null] as const),
)
