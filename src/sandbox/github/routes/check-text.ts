import { validationFailed } from '../refusal.ts'

/** The length that GitHub counts: characters, not UTF-16 units. */
export const countCharacters = (text: string): number => Array.from(text).length

/** Throws the 422 of a text that is blank or longer than GitHub stores. */
export const checkText = (
  resource: string,
  field: string,
  text: string,
  longest = 65_536,
): void => {
  if (text.trim() === '') throw validationFailed({ resource, field, code: 'missing_field' })
  if (countCharacters(text) > longest)
    throw validationFailed({
      resource,
      field,
      code: 'custom',
      message: `${field} is too long (maximum is ${longest} characters)`,
    })
}
