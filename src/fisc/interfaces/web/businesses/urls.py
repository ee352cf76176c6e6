from django.urls import path

from fisc.interfaces.web.businesses import adding, numbers, papers, views

urlpatterns = [
    path("businesses/", views.businesses, name="businesses"),
    path("businesses/add/", views.add, name="business_add"),
    path("businesses/look-alikes/", views.look_alikes, name="business_look_alikes"),
    path("businesses/<int:number>/", views.summary, name="business"),
    path("businesses/<int:number>/accounts/", views.accounts, name="business_accounts"),
    path("businesses/<int:number>/papers/", views.papers, name="business_papers"),
    path("businesses/<int:number>/history/", views.history, name="business_history"),
    path("businesses/<int:number>/add/owner/", adding.owner, name="business_add_owner"),
    path("businesses/<int:number>/add/place/", adding.place, name="business_add_place"),
    path("businesses/<int:number>/add/activity/", adding.activity, name="business_add_activity"),
    path("businesses/<int:number>/add/officer/", adding.officer, name="business_add_officer"),
    path("businesses/<int:number>/add/account/", adding.account, name="business_add_account"),
    path("businesses/<int:number>/add/paper/", papers.add, name="business_add_paper"),
    path("businesses/<int:number>/add/number/", numbers.add, name="business_add_number"),
    path("businesses/<int:number>/end/<slug:what>/<int:row>/", adding.end, name="business_end"),
    path("businesses/<int:number>/papers/<int:paper>/", papers.give, name="business_paper"),
    path("businesses/<int:number>/papers/<int:paper>/end/", papers.end, name="business_end_paper"),
    path("businesses/<int:number>/numbers/<int:row>/", numbers.whole, name="business_number"),
    path("businesses/<int:number>/numbers/<int:row>/end/", numbers.end, name="business_end_number"),
]
