import { once } from '../../once.ts'
import type { Kustomize } from '../ports/kustomize.ts'

const mostRenders = 8

/** Makes a kustomize that keeps its latest renders: the files of a commit never change. */
export const keepRenders = (kustomize: Kustomize): Kustomize => {
  const renders = new Map<string, Promise<string>>()
  return {
    ...kustomize,
    build: (directory, about) =>
      once(renders, directory, () => kustomize.build(directory, about), mostRenders),
  }
}
