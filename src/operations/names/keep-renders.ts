import { once } from '../../once.ts'
import type { Kustomize } from '../ports/kustomize.ts'

const mostRenders = 8

/**
 * Makes a kustomize that keeps its latest renders: the files of a commit never change. A proof gets those that were made
 * for one.
 */
export const keepRenders = (kustomize: Kustomize): Kustomize => {
  const renders = new Map<string, Promise<string>>()
  return {
    ...kustomize,
    build: (directory, about) => {
      const key = `${about?.isProof === true ? 'proof' : 'render'} ${directory}`
      return once(renders, key, () => kustomize.build(directory, about), mostRenders)
    },
  }
}
