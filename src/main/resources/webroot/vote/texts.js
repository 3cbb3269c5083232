// What the vote page says.
export const TEXTS = {
  en: {
    title: 'Spillway · vote',
    description: 'Vote with one tap, over MQTT',
    question: 'Which course do you like best?',
    lead: 'Choose one. Your vote is counted on the results page as soon as the broker has it.',
    results: 'See the results',
    sending: 'Your vote for {choice} is on its way …',
    kept: 'No connection now. Your vote for {choice} is kept in this browser and goes out by itself ({count} waiting).',
    counted: 'Counted by the broker: {choice}. Thank you!',
    full: 'Too many votes are waiting for the connection; this one was not taken.',
    once: 'One vote in each browser. That is a courtesy, no security: who wants to cheat, can.',
    often: 'You may vote as often as you like.',
  },
  fr: {
    title: 'Spillway · vote',
    description: 'Voter d’un geste, par MQTT',
    question: 'Quel cours préférez-vous ?',
    lead: 'Faites votre choix. Votre vote apparaît sur la page des résultats dès que le courtier l’a reçu.',
    results: 'Voir les résultats',
    sending: 'Votre vote pour {choice} est en route…',
    kept: 'Pas de connexion pour l’instant. Votre vote pour {choice} est conservé dans ce navigateur et partira tout seul ({count} en attente).',
    counted: 'Compté par le courtier : {choice}. Merci !',
    full: 'Trop de votes attendent la connexion ; celui-ci n’a pas été pris.',
    once: 'Un vote par navigateur. C’est une règle de politesse, pas une sécurité : qui veut tricher le peut.',
    often: 'Vous pouvez voter autant de fois que vous voulez.',
  },
};
