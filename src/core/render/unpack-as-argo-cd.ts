import { RefusedError } from '../../errors.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'

const ofList = ['apiVersion', 'items', 'kind', 'metadata']

/**
 * The objects that Argo CD makes of one document of a render. Whatever has `items` is a list to it, of any kind
 * (IsList of unstructured.go), and so is one with a null there and neither `spec` nor `status` (isNullList of its
 * repository.go). It goes one level down and drops all else that the list says; a document without content it skips. Throws RefusedError RENDER_LIST for
 * a list with fields of an object, or with an item that is none or a list itself.
 */
export const unpackAsArgoCd = (document: unknown): readonly unknown[] => {
  if (document === null) return []
  const fields = fieldsOf(document)
  const items = fields.get('items')
  const isNull = items === null && !fields.has('spec') && !fields.has('status')
  if (!isNull && !Array.isArray(items)) return [document]
  const refuse = (reason: string, fix: string): RefusedError => {
    const name = textOf(fieldsOf(fields.get('metadata')), 'name')
    const list = [textOf(fields, 'kind'), name].filter(word => word !== '').join(' ')
    return new RefusedError('RENDER_LIST', `reading the render: ${list || 'a list'} ${reason}`, {
      fix,
    })
  }
  const other = [...fields.keys()].find(field => !ofList.includes(field))
  if (other !== undefined)
    throw refuse(
      `has \`items\`, so Argo CD takes it for a list and drops its ${other}`,
      'remove the field `items`; look for it in patches, replacements and generators, too',
    )
  const objects = Array.isArray(items) ? items : []
  objects.forEach((item, index) => {
    const problem = problemOf(item)
    if (problem !== null)
      throw refuse(`holds as item ${index + 1} ${problem}`, 'list the objects one by one')
  })
  return objects
}

const problemOf = (item: unknown): string | null => {
  const fields = fieldsOf(item)
  if (fields.has('items')) return 'another list, which Argo CD does not unpack'
  const isObject =
    textOf(fields, 'apiVersion') !== '' &&
    textOf(fields, 'kind') !== '' &&
    textOf(fieldsOf(fields.get('metadata')), 'name') !== ''
  return isObject ? null : 'something that is not a Kubernetes object'
}
