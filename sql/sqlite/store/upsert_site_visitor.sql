insert into site_visitors (day, visitor, hours)
values (@Day, @Visitor, @Hours)
on conflict (day, visitor) do update set hours = hours | excluded.hours
