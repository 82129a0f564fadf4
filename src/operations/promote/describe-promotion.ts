import { codeCell, codeSpan, table } from '../../core/report/plain.ts'
import { shownPath } from '../../core/promote/promotion.ts'
import type { PreparedPromotion } from './prepare-promotion.ts'

/** The text of a promotion's pull request, as Markdown. */
export const describePromotion = (
  { seedImageRef, promotions, roots }: PreparedPromotion,
  { cluster, recordPath }: Readonly<{ cluster: string; recordPath: string }>,
): string => {
  const group = promotions.filter(({ kind }) => kind === 'ImageBasedGroupUpgrade')
  const fields = promotions.flatMap(({ file, fields }) =>
    fields.map(({ path, from, to }) => [file, shownPath(path), from, to].map(codeCell)),
  )
  return [
    `Sets the seed image that the last run of \`${cluster}\` proved, \`${seedImageRef.image}\` of OpenShift ${seedImageRef.version}, as \`${recordPath}\` says.`,
    '',
    table(['file', 'field', 'before', 'after'], fields),
    '',
    roots.length > 0
      ? `The renders of ${roots.map(codeSpan).join(', ')} before and after differ in exactly these fields.`
      : 'No kustomization lists these files, so the difference of the files is all there is.',
    ...group.map(
      ({ name }) =>
        `The API server refuses another \`ibuSpec\` of an ImageBasedGroupUpgrade that exists: delete ${codeSpan(name)} on the hub before the merge, or give it another name here.`,
    ),
    'Sower does not merge it.',
  ].join('\n')
}
