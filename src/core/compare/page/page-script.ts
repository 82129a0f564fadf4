/** The script of the page: it shows the form and hides the targets that do not fit it. The page is whole without it. */
export const pageScript = `
'use strict';
const form=document.querySelector('form');
const rows=[...document.querySelectorAll('tbody tr')];
const shown=document.querySelector('output');
const filter=()=>{
  const {name,standing,row}=form.elements;
  const column=Number(row.value);
  let count=0;
  for(const line of rows){
    const fits=line.cells[0].textContent.includes(name.value.trim().toLowerCase())
      &&(standing.value===''||line.dataset.standing===standing.value)
      &&(row.value===''||line.cells[column].className!=='p');
    line.hidden=!fits;
    if(fits)count+=1;
  }
  shown.textContent=count+' of '+rows.length+' targets';
};
form.hidden=false;
form.addEventListener('input',filter);
form.addEventListener('submit',event=>event.preventDefault());
filter();
`
