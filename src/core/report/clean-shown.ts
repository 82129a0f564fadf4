import { mapTexts } from '../waiting/waiting.ts'
import type { Shown } from './render-report.ts'

/** A copy of the parts that a report shows beside the run, without a registered value: make it before any of it is escaped or cut. */
export const cleanShown = (shown: Shown, clean: (text: string) => string): Shown => {
  const orNull = (text: string | null): string | null => (text === null ? null : clean(text))
  const { checks, roots, refusal, kustomize, diff, secret, tree } = shown
  return {
    ...shown,
    checks: checks.map(check => ({ ...check, reason: clean(check.reason), fix: clean(check.fix) })),
    roots: roots.map(root => ({
      ...root,
      path: clean(root.path),
      removed: root.removed.map(clean),
      added: root.added.map(clean),
      changed: root.changed.map(clean),
    })),
    refusal: orNull(refusal),
    kustomize: orNull(kustomize),
    diff: orNull(diff),
    secret: secret && { ...secret, fix: clean(secret.fix) },
    tree: tree && mapTexts(tree, clean),
  }
}
