import { saysEmpty } from '../kustomization/entries-below-empty.ts'
import type { Edit } from './edit.ts'

/** Says for a commit what each repair of a list does and why, one sentence an edit; an edit that is none says nothing. */
export const whyRepaired = (edits: readonly Edit[]): readonly string[] =>
  edits
    .filter(({ style }) => style === 'repaired')
    .map(({ path, key, line, emptied, wasEmpty = '[]' }) =>
      emptied
        ? `${path}:${line}: \`${key}\` is null, which kustomize from 5.1 on refuses, so that Argo CD removes nothing; it becomes \`${key}: []\`.`
        : `${path}:${line}: \`${saysEmpty(key, wasEmpty)}\` stands above its entries, which no YAML reader takes as a list; ${wasEmpty === null ? `it becomes \`${key}:\`` : `the \`${wasEmpty}\` goes`}, the entries stay as they are.`,
    )
