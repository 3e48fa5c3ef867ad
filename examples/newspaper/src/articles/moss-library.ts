import type { Article } from './model.ts'

export const mossLibrary: Article = {
  id: 'moss-library',
  section: 'science',
  price: { amount: '150', currency: 'KRW' },
  minutes: 3,
  text: {
    ko: {
      title: '이끼를 빌려주는 도서관',
      deck: '책 대신 초록을 대출하는 산자락의 작은 건물, 연체료는 물 한 컵이다',
      byline: '과학부 · 솔재에서',
      caption: '솔재 이끼도서관의 3번 서가. 칸마다 이름과 습도가 적혀 있다.',
      teaser:
        '솔재마을 도서관 지하에는 책이 없다. 계단을 내려가면 서늘한 공기가 먼저 발목에 닿고, 그다음 초록이 눈에 들어온다. 서가 스물네 칸을 채운 것은 손바닥만 한 유리 접시 육백여 개. 접시마다 이끼가 한 종씩 자라고, 대출증이 있는 사람은 누구나 그중 하나를 두 주 동안 집에 데려갈 수 있다.',
      heading: '빌려 간 이끼는 다른 얼굴로 돌아온다',
      body: [
        '시작은 누수였다. 십이 년 전 장마에 서고가 젖었고, 사서들은 책을 옮긴 뒤 텅 빈 벽에서 낯선 초록 점을 발견했다. 닦아 내려던 이를 말린 것은 마을 중학교의 생물 교사였다. 그는 돋보기를 들이대더니 “이 벽에 벌써 네 종이 삽니다. 우리보다 먼저 열람실을 쓰고 있었네요”라고 말했다. 그날부터 지하는 말리지 않기로 했다.',
        '이끼는 뿌리가 없다. 흙에서 물을 길어 올리는 대신 온몸으로 안개와 빗방울을 마신다. 그래서 어느 집 창가에 놓이느냐에 따라 같은 종이라도 모습이 달라진다. 국수 삶는 김을 매일 쐰 접시는 잎이 두툼해져 돌아오고, 피아노 위에 있던 접시는 한쪽으로만 눕는다. 도서관은 이 차이를 흠이 아니라 기록으로 여긴다. 반납 카드에는 책처럼 밑줄 대신 “북향, 아기 있음, 라디오 자주 켬” 같은 메모가 적힌다.',
        '마른 이끼는 죽은 것처럼 보인다. 바스러질 듯 갈색으로 오그라든 접시를 들고 미안한 얼굴로 찾아오는 사람이 한 달에 서너 명은 된다. 그러면 사서는 분무기를 세 번 누르고 시계를 본다. 짧으면 사십 초, 길어도 삼 분이면 잎이 한 장씩 펴진다. 표본 가운데는 서랍 속에서 십구 년을 마른 채 지내다 깨어난 것도 있다. 이 장면을 보려고 일부러 말려 오는 아이가 있어, 고의 연체에는 벌칙으로 빗물 한 컵을 받는다.',
        '지난봄부터는 육백 개의 카드가 숫자가 되었다. 인근 대학의 학생들이 반납 기록을 옮겨 적으며 마을의 습도 지도를 그린 것이다. 기상대가 재지 않는 높이, 그러니까 부엌 창턱과 현관 신발장 위의 날씨가 거기 있다. 지도에서 가장 축축한 곳은 개울가가 아니라 골목 끝 만둣집이었고, 가장 건조한 곳은 뜻밖에도 도서관 이 층의 사전 서가였다.',
        '올해의 최다 대출은 은이끼다. 보도블록 틈에서도 자라는 가장 흔한 종이지만, 확대경으로 보면 끝이 은빛으로 투명하다. 사서는 그 이유를 이렇게 설명했다. “다들 집 앞에서 밟고 다니던 거래요. 빌려 가 보고서야 이름을 안 거죠.” 대출증을 만드는 데는 이름과 전화번호, 그리고 창문의 방향이 필요하다.',
      ],
    },
    en: {
      title: 'The Library That Lends Moss',
      deck: 'In a hillside basement you borrow green instead of books, and the late fee is a cup of rain',
      byline: 'Science desk, Soljae',
      caption: 'Shelf three of the Soljae moss library; every dish has a name and a humidity.',
      teaser:
        'There are no books in the basement of the Soljae village library. Walk down and the cool reaches your ankles first; then comes the green. Twenty-four shelves hold some six hundred glass dishes, each no wider than a palm, each home to one species of moss. Anyone with a card may take one home for two weeks.',
      heading: 'What comes back is never quite what went out',
      body: [
        'It began with a leak. Twelve years ago the monsoon got into the stacks, and when the books had been carried out the librarians noticed strange green points on the bare wall. Someone fetched a brush. The biology teacher from the middle school fetched a lens. “You have four species already,” she said. “They were using the reading room before you were.” The basement has been kept damp ever since.',
        'Moss has no roots. It cannot draw water up from the soil, so it drinks fog and rain with its whole body, and the same species grows differently on every windowsill. A dish that spent a fortnight in the steam of a noodle pot returns plump. One that lived on a piano leans to one side. The library files these differences as records, not damage. Where a book would carry pencil marks, a return card says: north window, baby in the house, radio often on.',
        'Dry moss looks dead. Three or four times a month somebody arrives with a brown, curled-up dish and an apology. The librarian presses a spray bottle three times and looks at the clock. In forty seconds, or three minutes at most, the leaves unfold one by one. A specimen in the collection woke up after nineteen years in a drawer. Because some children dry theirs on purpose to watch this, deliberate neglect is now fined: one cup of rainwater.',
        'Last spring the cards became numbers. Students from a nearby college copied out the return notes and drew a map of the village’s humidity at heights no weather station measures: the kitchen sill, the top of the shoe cupboard. The dampest spot turned out to be not the stream but the dumpling shop at the end of the lane. The driest, to general embarrassment, was the dictionary shelf on the library’s own second floor.',
        'The most borrowed moss this year is silver bryum, the commonest of all, the one between paving stones. Under a lens its tips are clear as glass. The head librarian thinks she knows why it is popular. “People say they have been walking over it all their lives. They had to borrow it to learn its name.” To get a card you need your own name, a telephone number, and the direction your window faces.',
      ],
    },
  },
}
