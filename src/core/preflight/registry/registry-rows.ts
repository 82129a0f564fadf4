import { readImageReference } from '../../seedgen/image-reference.ts'
import { row, type Row } from '../row.ts'
import { checkPush, checkTag } from './check-push.ts'
import { checkSecret } from './check-secret.ts'

/** The checks of the push credential and the registry. */
export const registryRows: readonly Row[] = [
  {
    id: 'secret.authfile',
    level: 'block',
    passes:
      'the Secret on the hub is unsealed and covers the image, or the pull request brings it sealed for that image',
    reads: [],
    source: ['S29'],
    check: (_answers, { registry }) => checkSecret(registry.secret, registry.brought),
  },
  {
    id: 'registry.push',
    level: 'block',
    passes: 'the registry lets an upload begin (it is cancelled at once)',
    reads: [],
    source: ['R1'],
    check: (_answers, { registry }) => checkPush(registry.mayPush, registry.brought !== null),
  },
  {
    id: 'registry.tag-free',
    level: 'warn',
    passes: 'the tag is free',
    reads: [],
    source: ['R2'],
    check: (_answers, { registry }) => checkTag(registry.tag, registry.brought !== null),
  },
  row({
    id: 'registry.image',
    level: 'block',
    passes: 'the image is `registry/repository:tag`, without a scheme and a digest',
    reads: [],
    source: ['R3', 'lifecycle-agent seedcreator.go:497-502'],
    fix: 'write registry/repository:tag, such as registry.example.com/ibu/seed-sno1:4.18.5',
    test: (_found, { image }) => {
      const problem = image === null ? 'no image is named' : readImageReference(image)
      return typeof problem === 'string'
        ? { ok: false, reason: problem }
        : { ok: true, reason: problem.text }
    },
  }),
]
